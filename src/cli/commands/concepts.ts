import type { Command } from 'commander';
import { LensError } from '../../core/common/errors';
import { formatCount, formatValue } from '../../core/common/numberFormat';
import { leftOutSentence, type ConceptResult, type ConceptResults } from '../../core/concepts/conceptResults';
import { onlyConcepts } from '../../core/concepts/labels/family';
import { starterSet } from '../../core/concepts/labels/starterSet';
import type { OwnConcept } from '../../core/concepts/own/ownConcept';
import { OwnFamily, withOwn } from '../../core/concepts/own/ownFamily';
import { changedFilesSentence } from '../../runtime/profiling/labelledFiles';
import { readOwnLabels, readSavedConcepts } from '../../runtime/profiling/ownLabels';
import { testConcepts } from '../../runtime/profiling/testConcepts';
import { EMBEDDED_MODEL, interruptSignal, LANGUAGE_PROGRAM } from '../environment';
import { collect, layerRange, ownRegex, ownWords, positiveInteger } from '../options';
import { showConceptProgress } from '../output/progressBars';
import { printJson, printNotice, printText } from '../output/print';
import { formatTable } from '../output/table';

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
    .option('--threads <count>', 'threads of the forward pass', positiveInteger)
    .option('--json', 'print JSON', false)
    .action(runConceptsCommand);
}

async function runConceptsCommand(folder: string, flags: ConceptsFlags): Promise<void> {
  const signal = interruptSignal();
  const display = showConceptProgress();
  let isKept = false;
  const { only, json, regex, words, labels, layers = null, ...request } = flags;
  try {
    const read = await Promise.all(labels.map((asked) => readOwnLabels(folder, asked, printNotice, signal)));
    const saved = await readSavedConcepts(folder, printNotice, signal);
    if (saved.faults[0]) throw saved.faults[0];
    const asked = [...saved.concepts, ...regex, ...words, ...read.flat()];
    const changed = await changedFilesSentence(folder, asked);
    if (changed !== null) printNotice(changed);
    const own = new OwnFamily(asked);
    const results = await testConcepts(
      {
        ...request,
        layers,
        folder,
        embeddedModel: EMBEDDED_MODEL,
        languageProgram: LANGUAGE_PROGRAM,
        families: (files) => {
          const all = withOwn(own, starterSet(files));
          return only ? onlyConcepts(all, only) : all;
        },
      },
      (progress) => display.update(progress),
      signal,
    );
    isKept = true;
    display.stop();
    for (const sentence of own.misalignedSentences()) printNotice(sentence);
    if (json) printJson(results);
    else printText(describe(results));
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

function describe(results: ConceptResults): string {
  const tested = results.concepts.filter(({ refused }) => refused === null);
  const refused = results.concepts.filter((concept) => concept.refused !== null);
  const { neurons, of } = results.named;
  const { documents, cut } = results.halves;
  const leftOut = leftOutSentence(results);
  const texts = `${formatCount(documents.a + documents.b)} ${cut ? 'stretches of documents' : 'documents'}`;
  const number = (value: number | undefined, digits: number) =>
    value === undefined ? '' : value.toFixed(digits);
  const table = formatTable(
    [
      { title: 'concept', text: (concept: ConceptResult) => concept.name },
      { title: 'best neuron', text: ({ neurons: [best] }) => best?.id ?? '' },
      { title: 'AUROC', align: 'right', text: ({ neurons: [best] }) => number(best?.auroc, 3) },
      {
        title: '95 %',
        text: ({ neurons: [best] }) => (best ? `${best.low.toFixed(3)}–${best.high.toFixed(3)}` : ''),
      },
      { title: 'AP', align: 'right', text: ({ neurons: [best] }) => number(best?.ap, 2) },
      { title: 'selectivity', align: 'right', text: ({ neurons: [best] }) => number(best?.selectivity, 2) },
      { title: 'q', align: 'right', text: ({ neurons: [best] }) => (best ? formatValue(best.q) : '') },
      {
        title: 'named',
        align: 'right',
        text: (concept) =>
          String(concept.neurons.filter(({ named, under }) => named && under === null).length),
      },
    ],
    tested,
  );
  const lines = [
    ...(results.partial === true ? ['The run was stopped: what was measured by then is kept.', ''] : []),
    `${formatCount(neurons)} of ${formatCount(of)} neurons carry an honest name; ${tested.length} concepts tested on ${texts}.`,
    ...(leftOut === null ? [] : [leftOut]),
    '',
    table,
  ];
  if (refused.length > 0) {
    lines.push('', 'Refused:', ...refused.map(({ name, refused: reason }) => `  ${name}: ${reason ?? ''}`));
  }
  return lines.join('\n');
}
