import { corpusSize } from '../common/corpusSize';
import { forMarkdown } from '../common/foreignText';
import { markdownTable } from '../common/markdownTable';
import { modelName } from '../common/modelName';
import { formatPercentile, formatValue } from '../common/numberFormat';
import { goesWith, nameFigures, type NamedNeuronPage } from '../concepts/neuronMeaning';
import type { Example } from '../profile/neuronPage';
import { statisticsRows } from '../stats/describeNeuron';

/** A page as Markdown: the reading, the statistics, top and bottom examples, and how the run was made. */
export function pageAsMarkdown(page: NamedNeuronPage): string {
  const { neuron, stats, reading, examples, manifest, name } = page;
  const words = reading.words.length > 0 ? `**${forMarkdown(reading.words.join(', '))}.** ` : '';
  const goes = name
    ? `${goesWith(name)} *${forMarkdown(name.concept)}* (${nameFigures(name)}, held out). `
    : '';
  return [
    `# ${neuron.id}`,
    forMarkdown(
      `${modelName(manifest.model.id)} · ${neuron.activation} · ${manifest.model.dtype}; ${corpusSize(manifest.corpus)}; ${manifest.created}`,
    ),
    words + goes + forMarkdown(reading.sentence),
    '## Statistics',
    markdownTable(
      ['Statistic', 'Value'],
      statisticsRows(stats).map(([name, value]) => [name, value]),
    ),
    '## Top examples',
    exampleTable(examples.top),
    '## Bottom examples',
    exampleTable(examples.bottom),
    forMarkdown(
      `Model ${manifest.model.sha256}, tokenizer ${manifest.tokenizer.sha256}, corpus ${manifest.corpus.sha256}, ${manifest.tool}.`,
    ),
    '',
  ].join('\n\n');
}

function exampleTable(examples: readonly Example[]): string {
  if (examples.length === 0) return 'None.';
  return markdownTable(
    ['Value', 'Percentile', 'Place', 'Text'],
    examples.map((example) => [
      formatValue(example.value),
      formatPercentile(example.percentile),
      forMarkdown(`${example.file}:${example.line}:${example.column}`),
      marked(example),
    ]),
  );
}

/** The context in one line with the ranked token in bold. */
function marked(example: Example): string {
  const { context } = example;
  const at = example.start - context.start;
  const until = example.end - context.start;
  const token = context.text.slice(at, until);
  const inner = forMarkdown(token.trim());
  const bold = inner === '' ? forMarkdown(token) : token.replace(token.trim(), () => `**${inner}**`);
  const line = forMarkdown(context.text.slice(0, at)) + bold + forMarkdown(context.text.slice(until));
  return line.replace(/\s+/g, ' ');
}
