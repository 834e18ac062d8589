import { corpusSize } from '../../core/common/corpusSize';
import { inOneLine } from '../../core/common/foreignText';
import { modelName } from '../../core/common/modelName';
import {
  formatBarCount,
  formatCount,
  formatPercentile,
  formatShare,
  formatValue,
} from '../../core/common/numberFormat';
import { unknownWordsSentence } from '../../core/common/unknownWords';
import { selfTestStatement } from '../../core/common/selfTest';
import { hasText } from '../../core/profile/keptText';
import type { Example, NeuronPage } from '../../core/profile/neuronPage';
import { coarsenHistogram, MAXIMUM_LINES } from '../../core/stats/coarseHistogram';
import { statisticsRows } from '../../core/stats/describeNeuron';
import type { StatisticRow } from '../../core/stats/statistics';
import { formatTable } from './table';

const BAR_WIDTH = 40;
const EXAMPLES_SHOWN = 10;

/** A neuron's page as people read it on a terminal. */
export function describePage(page: NeuronPage): string {
  return [
    heading(page),
    page.reading.sentence,
    '',
    statistics(page),
    '',
    'Distribution (tokens per bin, bar length by logarithm)',
    histogram(page),
    ...exampleSection('Strongest', page.examples.top),
    ...exampleSection('Lowest', page.examples.bottom),
    ...page.examples.bands.flatMap((band) =>
      exampleSection(
        `Band ${band.from * 100}–${band.to * 100} %: ${formatValue(band.low)} to ${formatValue(band.high)}, ` +
          `${formatCount(band.count)} tokens, ${formatShare(band.mass)} of Σ|value|`,
        band.examples.slice(0, 3),
      ),
    ),
    ...exampleSection('Random', page.examples.random.slice(0, 5)),
    '',
    'Values depend on the context; one neuron usually answers to several things: read the bands, not only the top.',
    'What is observed is not a cause.',
  ].join('\n');
}

function heading({ neuron, quantity, manifest }: NeuronPage): string {
  const { model, selfTest, corpus, state } = manifest;
  const unknown = unknownWordsSentence(corpus);
  const tested = selfTest === null ? '' : `${selfTestStatement(selfTest)}\n`;
  return (
    `${neuron.id}  ${quantity} (${inOneLine(neuron.activation)}) of ${inOneLine(modelName(model.id))} ${inOneLine(model.dtype)}\n` +
    `${corpusSize(corpus)} · profile ${state}\n${tested}${unknown === null ? '' : `${unknown}\n`}`
  );
}

function statistics({ stats }: NeuronPage): string {
  return formatTable(
    [
      { title: 'Statistics', text: ([name]: StatisticRow) => name },
      { title: '', text: ([, value]: StatisticRow) => value },
    ],
    statisticsRows(stats),
  );
}

function histogram(page: NeuronPage): string {
  const { edges, counts, shared } = coarsenHistogram(page.histogram, 0, MAXIMUM_LINES);
  const largest = Math.log1p(Math.max(...counts));
  return counts
    .map((count, bin) => {
      const bar = '█'.repeat(Math.ceil((BAR_WIDTH * Math.log1p(count)) / largest));
      const from = formatValue(edges[bin] ?? null).padStart(9);
      return `${from}  ${bar.padEnd(BAR_WIDTH)}  ${formatBarCount(count, shared[bin]!)}`.trimEnd();
    })
    .join('\n');
}

function exampleSection(title: string, examples: readonly Example[]): string[] {
  if (examples.length === 0) return [];
  const lines = examples.slice(0, EXAMPLES_SHOWN).map((example) => {
    const { text, start } = example.context;
    const shown = hasText(example)
      ? `${text.slice(0, example.start - start)}[${example.token}]${text.slice(example.end - start)}`
      : `[token ${example.tokenId}; the text was not kept]`;
    const stale = example.stale ? '  (file changed since)' : '';
    return (
      `${formatValue(example.value).padStart(9)}  p ${formatPercentile(example.percentile)}  ` +
      `${inOneLine(example.file)}:${example.line}:${example.column}${stale}\n           ${inOneLine(shown)}`
    );
  });
  return ['', title, ...lines];
}
