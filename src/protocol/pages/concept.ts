import * as v from 'valibot';
import { OWN_CONTROLS } from '../../core/concepts/controls/conceptControl';
import type { MarkedPlace } from '../../core/concepts/own/conceptsFile';
import { OUTCOMES } from '../../core/concepts/evidence';
import { carriedManifestSchema, type CarriedManifest } from '../../core/profile/manifest';
import {
  conceptResultSchema,
  conceptRunSchema,
  controlOfConceptSchema,
  namedSchema,
  neuronNameSchema,
  shownEvidenceSchema,
} from '../conceptSchema';
import { method } from '../rpc';
import { count, definePage, nothing, shownProfile, wish } from './page';

const manifest: v.GenericSchema<unknown, CarriedManifest> = carriedManifestSchema;
/** Which concept is meant: what comes for another one than the page shows is of no use to it. */
const concept = v.string();

const markedPlace: v.GenericSchema<unknown, MarkedPlace> = v.object({
  file: v.string(),
  record: v.exactOptional(count),
  start: count,
  end: count,
  text: v.exactOptional(v.string()),
  before: v.exactOptional(v.string()),
  after: v.exactOptional(v.string()),
});

/** A test of concepts that is under way. */
const runningTest = v.object({
  /** Which control it is; null for a test of its own. */
  control: v.nullable(v.string()),
  /** How far it is, in words. */
  step: v.string(),
});

/** The page of one concept. */
export const conceptPage = definePage({
  name: 'concept',
  requests: {
    /** The concept that the panel is to show. */
    concept: method({
      params: v.object({}),
      result: v.object({
        profile: shownProfile,
        manifest,
        run: conceptRunSchema,
        concept: conceptResultSchema,
        /** How often the labeller is right about it; null where the labels rest on none whose accuracy is known. */
        labeller: v.nullable(
          v.object({
            labeller: v.string(),
            tag: v.string(),
            precision: v.number(),
            recall: v.number(),
            on: v.string(),
          }),
        ),
        /** What the controls that were made beside the test made of it. */
        controls: v.array(controlOfConceptSchema),
        /** Neurons that carry a name, of any of the concepts tested. */
        named: namedSchema,
        /** The names that its neurons carry, by neuron. */
        names: v.record(v.string(), neuronNameSchema),
        /** Concepts nested with it that a neuron passes for as well and explains less. */
        nested: v.array(v.string()),
        /** The run was stopped before it had measured all concepts. */
        partial: v.boolean(),
        /** What else the same run refused. */
        refused: v.array(v.object({ name: v.string(), reason: v.string() })),
      }),
    }),
    /** ROC, histograms and examples of one of its neurons. */
    evidence: method({ params: v.object({ concept, neuron: v.string() }), result: shownEvidenceSchema }),
    /** Its neurons with their figures as an Arrow file, in base64. */
    arrow: method({ params: v.object({ concept }), result: v.string() }),
    /** Ask for another concept: the host's own list does it. */
    goToConcept: wish({}),
    /** Test the profile's concepts once more. */
    testConcepts: wish({}),
    /** Make a control of all concepts of the test. */
    testControl: wish({ control: v.picklist([...OWN_CONTROLS, 'profile']) }),
    /** Stop the test or control that is under way. */
    stopTest: wish({}),
    /** Tells, as long as the page is there, what is tested on its profile. */
    watchTests: method({
      params: v.object({}),
      result: nothing,
      progress: v.object({ running: v.nullable(runningTest) }),
    }),
    /** Keep that an example's label is wrong. */
    wrongLabel: wish({ concept, outcome: v.picklist(OUTCOMES), place: markedPlace }),
    /** Open the file of the reader's own concepts. */
    editConcepts: wish({}),
    copyConceptLink: wish({}),
  },
  state: v.object({
    /** Id of the profile. */
    profile: v.string(),
    concept,
    /** The neuron whose evidence is shown; null for the first. */
    neuron: v.nullable(v.string()),
    tab: v.picklist(OUTCOMES),
    order: v.picklist(['chosen', 'apOnA', 'precisionTop1OnA', 'auroc', 'ap', 'precisionTop1']),
  }),
});

export type ConceptRequests = typeof conceptPage.requests;
export type ConceptState = v.InferOutput<typeof conceptPage.state>;
export type RunningTest = v.InferOutput<typeof runningTest>;
export type ShownConcept = v.InferOutput<ConceptRequests['concept']['result']>;
