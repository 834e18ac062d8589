import type { Command } from 'commander';
import { LensError } from '../../core/common/errors';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import type { ConceptControl } from '../../core/concepts/controls/conceptControl';
import { onlyConcepts } from '../../core/concepts/labels/family';
import { starterSet } from '../../core/concepts/labels/starterSet';
import type { OwnConcept } from '../../core/concepts/own/ownConcept';
import { OwnFamily, withOwn } from '../../core/concepts/own/ownFamily';
import { changedFilesSentence } from '../../runtime/profiling/labelledFiles';
import { readOwnLabels, readSavedConcepts } from '../../runtime/profiling/ownLabels';
import { testControl } from '../../runtime/profiling/conceptControls';
import { testConcepts, type ConceptTestRequest } from '../../runtime/profiling/testConcepts';
import { EMBEDDED_MODEL, interruptSignal, LANGUAGE_PROGRAM } from '../environment';
import { collect, layerRange, ownRegex, ownWords, positiveInteger } from '../options';
import { describeConcepts } from '../output/conceptsTable';
import { showConceptProgress } from '../output/progressBars';
import { printJson, printNotice, printText } from '../output/print';

interface ConceptsFlags {
  model: string;
  dtype?: string;
  only?: string[];
  neurons: number;
  regex: OwnConcept[];
  words: OwnConcept[];
  labels: string[];
  layers?: [number, number];
  strict: boolean;
  control: string[];
  threads?: number;
  json: boolean;
}

/** `concepts DIR --model MODEL`: which neurons go with which concepts. */
export function registerConceptsCommand(program: Command): void {
  program
    .command('concepts')
    .description('Tests concepts against all neurons of a profile, and names the neurons that go with one.')
    .argument('<profile>', 'profile folder')
    .option('--model <model>', 'the model that the profile was made with', 'default')
    .option('--dtype <type>', "which of the model's files")
    .option('--only <names>', 'only these concepts, with commas between', (names: string) => names.split(','))
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
    .option('--threads <count>', 'threads of the forward pass', positiveInteger)
    .option('--json', 'print JSON', false)
    .action(runConceptsCommand);
}

async function runConceptsCommand(folder: string, flags: ConceptsFlags): Promise<void> {
  const signal = interruptSignal();
  const display = showConceptProgress();
  let isKept = false;
  const { only, json, regex, words, labels, layers = null, control, ...asked } = flags;
  try {
    const read = await Promise.all(labels.map((asked) => readOwnLabels(folder, asked, printNotice, signal)));
    const saved = await readSavedConcepts(folder, printNotice, signal);
    if (saved.faults[0]) throw saved.faults[0];
    const concepts = [...saved.concepts, ...regex, ...words, ...read.flat()];
    const changed = await changedFilesSentence(folder, concepts);
    if (changed !== null) printNotice(changed);
    const own = new OwnFamily(concepts);
    const request: ConceptTestRequest = {
      ...asked,
      layers,
      folder,
      embeddedModel: EMBEDDED_MODEL,
      languageProgram: LANGUAGE_PROGRAM,
      families: (files, chatTemplate) => {
        const all = withOwn(own, starterSet(files, chatTemplate));
        return only ? onlyConcepts(all, only) : all;
      },
    };
    const results = await testConcepts(request, (progress) => display.update(progress), signal);
    isKept = true;
    display.stop();
    for (const sentence of own.misalignedSentences()) printNotice(sentence);
    const controls = await testControls(control, request, results, display, signal);
    display.stop();
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

/** One control after the other, until all are done or the run is stopped. */
async function testControls(
  controls: readonly string[],
  request: ConceptTestRequest,
  results: ConceptResults,
  display: ReturnType<typeof showConceptProgress>,
  signal: AbortSignal,
): Promise<ConceptControl[]> {
  const done: ConceptControl[] = [];
  for (const control of controls) {
    try {
      signal.throwIfAborted();
      printNotice(`Control: ${control}`);
      done.push(await testControl(control, request, results, (progress) => display.update(progress), signal));
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
      break;
    }
  }
  return done;
}
