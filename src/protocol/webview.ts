import * as v from 'valibot';
import { neuronPageSchema } from './neuronPageSchema';
import { selectionAnswerSchema } from './selectionAnswerSchema';

/** Version of the messages; a panel that survived an update of the extension refuses the other's. */
const version = v.literal(1);
const count = v.pipe(v.number(), v.minValue(0));

/** How the host's window speaks and which keys it leaves to the page. */
const preferences = v.object({
  /** BCP 47 tag of the display language. */
  language: v.string(),
  singleKeyShortcuts: v.boolean(),
});

const neuronMessage = v.object({
  v: version,
  type: v.literal('neuron'),
  /** `id` finds the profile again after a reload of the window; `name` is shown. */
  profile: v.object({ id: v.string(), name: v.string() }),
  page: neuronPageSchema,
  /** Share of the planned tokens that were seen, 0 to 1; null where it is not known. */
  seenShare: v.nullable(v.number()),
  /** Files of the corpus, named as in the examples, that are not what they were when profiled. */
  changedFiles: v.array(v.string()),
  missingFiles: v.array(v.string()),
  pinned: v.boolean(),
  /** The host can go on with this partial profile. */
  canResume: v.boolean(),
  preferences,
});

const selectionMessage = v.object({
  v: version,
  type: v.literal('selection'),
  profile: v.object({ id: v.string(), name: v.string() }),
  answer: selectionAnswerSchema,
  pinnedNeurons: v.array(v.string()),
  preferences,
});

const toWebview = v.variant('type', [
  neuronMessage,
  selectionMessage,
  /** What is coming, such as `L3.N652`; replaces what the page shows once it takes longer than a moment. */
  v.object({ v: version, type: v.literal('loading'), subject: v.string() }),
  /** One sentence: what happened, what is kept, what to do next. */
  v.object({ v: version, type: v.literal('error'), message: v.string() }),
  v.object({ v: version, type: v.literal('pinned'), neuron: v.string(), pinned: v.boolean() }),
  /** Said to the reader in a live region, such as "Opened the nearest match, line 124." */
  v.object({ v: version, type: v.literal('notice'), text: v.string() }),
]);

/** What the page looked like, kept across a reload of the window. */
export const panelStateSchema = v.object({
  /** Id of the profile. */
  profile: v.string(),
  /** Id of the neuron. */
  id: v.string(),
  tab: v.picklist(['top', 'bottom', 'bands', 'random', 'range']),
  scale: v.picklist(['linear', 'square-root', 'example']),
  counts: v.picklist(['log', 'linear']),
  range: v.picklist(['full', 'central']),
  /** Values `[low, high)` of the chosen bar. */
  bin: v.nullable(v.tuple([v.number(), v.number()])),
});

/** What a selection page showed, kept across a reload of the window: it comes back without asking the engine again. */
export const selectionStateSchema = v.object({
  /** Id of the profile. */
  profile: v.string(),
  answer: selectionAnswerSchema,
});

const toHost = v.variant('type', [
  /** The page listens; the host answers with what to show. */
  v.object({ v: version, type: v.literal('ready') }),
  v.object({
    v: version,
    type: v.literal('openPlace'),
    /** As named in the profile: relative to the corpus root, forward slashes. */
    file: v.string(),
    record: v.nullable(v.number()),
    /** UTF-16 offsets, in the file or in the record. */
    start: count,
    end: count,
    /** Counted from 1. */
    line: count,
    column: count,
    /** Text of the place, by which a changed file is searched. */
    token: v.string(),
  }),
  v.object({ v: version, type: v.literal('openNeuron'), neuron: v.string() }),
  v.object({ v: version, type: v.literal('step'), to: v.picklist(['previous', 'next', 'random']) }),
  /** Ask for an address: the host's own input box does it. */
  v.object({ v: version, type: v.literal('goToNeuron') }),
  v.object({ v: version, type: v.literal('pin'), neuron: v.string(), pinned: v.boolean() }),
  v.object({ v: version, type: v.literal('copyLink'), neuron: v.string() }),
  v.object({ v: version, type: v.literal('copyText'), text: v.string(), what: v.string() }),
  v.object({
    v: version,
    type: v.literal('saveFile'),
    suggestedName: v.string(),
    encoding: v.picklist(['utf-8', 'base64']),
    content: v.string(),
  }),
  v.object({ v: version, type: v.literal('resumeProfile') }),
  v.object({ v: version, type: v.literal('showLog') }),
]);

export type PanelState = v.InferOutput<typeof panelStateSchema>;
export type Preferences = v.InferOutput<typeof preferences>;
export type NeuronMessage = v.InferOutput<typeof neuronMessage>;
export type SelectionMessage = v.InferOutput<typeof selectionMessage>;
export type MessageToWebview = v.InferOutput<typeof toWebview>;
export type MessageToHost = v.InferOutput<typeof toHost>;

/** Checks what arrived in a webview. @returns null when it is no message of this version. */
export function readMessageToWebview(data: unknown): MessageToWebview | null {
  const result = v.safeParse(toWebview, data);
  return result.success ? result.output : null;
}

/** Checks what arrived in the host. @returns null when it is no message of this version. */
export function readMessageToHost(data: unknown): MessageToHost | null {
  const result = v.safeParse(toHost, data);
  return result.success ? result.output : null;
}
