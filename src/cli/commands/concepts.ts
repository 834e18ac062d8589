import type { Command } from 'commander';
import { LensError, toLensError } from '../../core/common/errors';
import type { ConceptProgress } from '../../core/concepts/conceptRequest';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import type { ConceptControl } from '../../core/concepts/controls/conceptControl';
import { withControl } from '../../core/concepts/controls/keptControls';
import { onlyConcepts } from '../../core/concepts/labels/family';
import { starterSet } from '../../core/concepts/labels/starterSet';
import type { OwnConcept } from '../../core/concepts/own/ownConcept';
import { OwnFamily, withOwn } from '../../core/concepts/own/ownFamily';
import { readFolderConcepts, readFolderControls } from '../../runtime/profiles/readFolderConcepts';
import { findProfile } from '../../runtime/profiles/settleFolder';
import { changedFilesSentence } from '../../runtime/profiling/labelledFiles';
import { readOwnLabels, readSavedConcepts } from '../../runtime/profiling/ownLabels';
import { keepFolderControl, testControl } from '../../runtime/profiling/conceptControls';
import { requestOfTest } from '../../runtime/profiling/repeatedTest';
import { testConcepts, type ConceptTestRequest } from '../../runtime/profiling/testConcepts';
import { EMBEDDED_MODEL, interruptSignal, LANGUAGE_PROGRAM } from '../environment';
import { collect, layerRange, ownRegex, ownWords, positiveInteger } from '../options';
import { describeConcepts } from '../output/conceptsTable';
import { showConceptProgress } from '../output/progressBars';
import type { ProgressDisplay } from '../output/progressDisplay';
import { printJson, printNotice, printText } from '../output/print';

interface ConceptsFlags {
  model: string;
  dtype?: string;
  only?: string[];
  again?: string[];
  neurons: number;
  regex: OwnConcept[];
  words: OwnConcept[];
  labels: string[];
  layers?: [number, number];
  strict: boolean;
  control: string[];
  kept: boolean;
  threads?: number;
  json: boolean;
}

/** Options that say which test is made. */
const TEST_OPTIONS = ['only', 'again', 'regex', 'words', 'labels', 'layers', 'neurons', 'strict'] as const;

/** `concepts DIR --model MODEL`: which neurons go with which concepts. */
export function registerConceptsCommand(program: Command): void {
  program
    .command('concepts')
    .description('Tests concepts against all neurons of a profile, and names the neurons that go with one.')
    .argument('<profile>', 'profile folder')
    .option('--model <model>', 'the model that the profile was made with', 'default')
    .option('--dtype <type>', "which of the model's files")
    .option('--only <names>', 'only these concepts, with commas between', (names: string) => names.split(','))
    .option(
      '--again <names>',
      'these concepts once more, or as further ones, beside those of the last test',
      (names: string) => names.split(','),
    )
    .option('--regex <name=pattern>', 'a concept by a regular expression', ownRegex, [])
    .option('--words <name=list>', 'a concept by words: NAME=["a","b"]', ownWords, [])
    .option(
      '--labels <file|column=value>',
      'concepts by a table of labels, or by a column or feature of .conllu files',
      collect,
      [],
    )
    .option('--layers <first-last>', 'only neurons of these layers', layerRange)
    .option('--neurons <count>', 'neurons that each order chooses for a concept', positiveInteger, 10)
    .option('--strict', 'q values that hold under any dependence (Benjamini–Yekutieli)', false)
    .option(
      '--control <what>',
      'the same beside it: shuffled (weights), embedding (tokens alone) or another profile',
      collect,
      [],
    )
    .option('--kept', 'what the last test of the profile found, without another', false)
    .option('--threads <count>', 'threads of the forward pass', positiveInteger)
    .option('--json', 'print JSON', false)
    .action(runConceptsCommand);
}

async function runConceptsCommand(folder: string, flags: ConceptsFlags, command: Command): Promise<void> {
  const signal = interruptSignal();
  const display = showConceptProgress();
  let isKept = flags.kept;
  const { json, control } = flags;
  try {
    const tested = flags.kept
      ? await lastTest(folder, flags, command, signal)
      : await newTest(folder, flags, display, signal);
    isKept = true;
    display.stop();
    const controls = await testControls(control, tested, display, signal);
    display.stop();
    const { results } = tested;
    if (json) printJson({ ...results, ...(controls.length > 0 && { controls }) });
    else printText(describeConcepts(results, controls));
    signal.throwIfAborted();
  } catch (thrown) {
    if (isKept || !signal.aborted) throw thrown;
    throw new LensError(
      'cancelled',
      'Interrupted before any concept was measured: the profile is as it was.',
    );
  } finally {
    display.stop();
  }
}

/** A test with the request that it was made by, and the controls that are kept beside it. */
interface TestAtHand {
  readonly results: ConceptResults;
  readonly request: () => Promise<ConceptTestRequest>;
  readonly controls: readonly ConceptControl[];
}

async function newTest(
  folder: string,
  flags: ConceptsFlags,
  display: ProgressDisplay<ConceptProgress>,
  signal: AbortSignal,
): Promise<TestAtHand> {
  const { only, again, regex, words, labels, layers = null, neurons, strict } = flags;
  if (only && again) {
    throw new LensError(
      'usage',
      '--only makes a test of its own, and --again adds to the last one. Choose one of the two.',
    );
  }
  const read = await Promise.all(labels.map((asked) => readOwnLabels(folder, asked, printNotice, signal)));
  const saved = await readSavedConcepts(folder, printNotice, signal);
  if (saved.faults[0]) throw saved.faults[0];
  const concepts = [...saved.concepts, ...regex, ...words, ...read.flat()];
  const changed = await changedFilesSentence(folder, concepts);
  if (changed !== null) printNotice(changed);
  const own = new OwnFamily(concepts, saved.exceptions);
  const request: ConceptTestRequest = {
    ...modelAsked(folder, flags),
    ...{ layers, neurons, strict },
    ...(again && { again }),
    families: (files, chatTemplate) => {
      const all = withOwn(own, starterSet(files, chatTemplate));
      return only ? onlyConcepts(all, only) : all;
    },
  };
  const results = await testConcepts(request, (progress) => display.update(progress), signal);
  display.stop();
  for (const sentence of own.misalignedSentences()) printNotice(sentence);
  return { results, request: () => Promise.resolve(request), controls: [] };
}

/** @throws LensError `usage` with options that ask for another test, `not-found` where there was none */
async function lastTest(
  folder: string,
  flags: ConceptsFlags,
  command: Command,
  signal: AbortSignal,
): Promise<TestAtHand> {
  const given = TEST_OPTIONS.find((option) => command.getOptionValueSource(option) === 'cli');
  if (given !== undefined) {
    throw new LensError(
      'usage',
      `--kept prints what was tested, and --${given} asks for another test. Leave out one of the two.`,
    );
  }
  const manifest = await findProfile(folder);
  const results = manifest && (await readFolderConcepts(folder, manifest));
  if (!results) {
    throw new LensError('not-found', `No concepts were tested on ${folder} yet. Test them without --kept.`);
  }
  return {
    results,
    request: () => requestOfTest(modelAsked(folder, flags), results, [], printNotice, signal),
    controls: await readFolderControls(folder, manifest, results),
  };
}

function modelAsked(
  folder: string,
  { model, dtype, threads }: ConceptsFlags,
): Parameters<typeof requestOfTest>[0] {
  return {
    ...{ folder, model },
    ...(dtype !== undefined && { dtype }),
    ...(threads !== undefined && { threads }),
    ...{ embeddedModel: EMBEDDED_MODEL, languageProgram: LANGUAGE_PROGRAM },
  };
}

/**
 * One control after the other, until all are done or the run is stopped.
 * @returns them with those that were kept before
 */
async function testControls(
  asked: readonly string[],
  { results, request, controls }: TestAtHand,
  display: ProgressDisplay<ConceptProgress>,
  signal: AbortSignal,
): Promise<readonly ConceptControl[]> {
  let all = controls;
  for (const control of asked) {
    try {
      signal.throwIfAborted();
      printNotice(`Control: ${control}`);
      const asked = await request();
      const made = await testControl(control, asked, results, (progress) => display.update(progress), signal);
      all = withControl(all, made);
      await keepFolderControl(asked.folder, made).catch((thrown: unknown) =>
        printNotice(`The control is not kept. ${toLensError(thrown).message}`),
      );
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
      break;
    }
  }
  return all;
}
