import { corpusSize } from '../common/corpusSize';
import { csvOf } from '../common/csv';
import { forMarkdown } from '../common/foreignText';
import { markdownTable } from '../common/markdownTable';
import { modelName } from '../common/modelName';
import {
  formatAuroc,
  formatAurocInterval,
  formatCount,
  formatQ,
  formatRatio,
  formatShare,
  formatSignedRatio,
} from '../common/numberFormat';
import { FAMILY_NAMES } from '../concepts/concept';
import {
  FIGURES_ON_A,
  NEURON_FIGURES,
  type ConceptResult,
  type ConceptResults,
} from '../concepts/conceptResults';
import { conceptMethod, conceptSummary, missedWords, type CarriedNames } from '../concepts/conceptSummary';
import type { LabellerAccuracy } from '../concepts/labels/labellerAccuracy';
import type { CarriedManifest } from '../profile/manifest';

/** A concept with all that is told of it outside the program. */
export interface ExportedConcept {
  readonly manifest: CarriedManifest;
  readonly run: Pick<ConceptResults, 'created' | 'quantity' | 'halves'>;
  readonly concept: ConceptResult;
  readonly names: CarriedNames;
  readonly labeller: LabellerAccuracy | null;
}

/** The chosen neurons of a concept with their figures, a row each, in the order of half A. */
export function conceptAsCsv({ concept, names }: ExportedConcept): string {
  const rows = concept.neurons.map((neuron) => [
    concept.name,
    neuron.id,
    ...NEURON_FIGURES.map((figure) => neuron[figure] ?? ''),
    ...FIGURES_ON_A.map((figure) => neuron.onA?.[figure] ?? ''),
    neuron.named,
    neuron.under ?? '',
    names[neuron.id]?.concept ?? '',
  ]);
  const onA = FIGURES_ON_A.map((figure) => `${figure}_a`);
  return csvOf([['concept', 'neuron', ...NEURON_FIGURES, ...onA, 'named', 'under', 'name'], ...rows]);
}

/** The concept as `concepts --json` prints it (docs/cli.md), by itself. */
export function conceptAsJson({ run, concept, names }: ExportedConcept): string {
  return `${JSON.stringify({ version: 1, ...run, concepts: [concept], names }, null, 2)}\n`;
}

/** A concept's page as Markdown: the summary, the neurons, how it was decided. */
export function conceptAsMarkdown({ manifest, run, concept, names, labeller }: ExportedConcept): string {
  const { verdict, sentence } = conceptSummary(concept, names);
  const { positives, documents, control, chanceMaximum } = concept;
  return [
    `# ${forMarkdown(concept.name)}`,
    forMarkdown(
      `${FAMILY_NAMES[concept.family]}${concept.pattern === undefined ? '' : ` (${concept.pattern})`}; ${modelName(manifest.model.id)} · ${manifest.model.dtype}; ${corpusSize(manifest.corpus)}; tested ${run.created}`,
    ),
    `**${forMarkdown(verdict)}** ${forMarkdown(sentence)}`,
    forMarkdown(
      `${formatCount(positives.a)} and ${formatCount(positives.b)} positives in ${formatCount(documents.a)} and ${formatCount(documents.b)} documents of halves A and B, ${formatShare(concept.share)} of the tokens.`,
    ),
    ...(concept.neurons.length === 0 ? [] : ['## Neurons', neuronTable(concept, names)]),
    ...(control && chanceMaximum !== null
      ? [
          forMarkdown(
            `Shuffled labels: ${control.id} reaches AUROC ${formatAuroc(control.auroc)} ${formatAurocInterval(control.low, control.high)}. The best by chance: ${formatAuroc(0.5 + chanceMaximum)}.`,
          ),
        ]
      : []),
    '## How this was decided',
    conceptMethod(concept, run, labeller)
      .map((line) => `- ${forMarkdown(line)}`)
      .join('\n'),
    '',
  ].join('\n\n');
}

function neuronTable({ name, neurons }: ConceptResult, names: CarriedNames): string {
  return markdownTable(
    ['Neuron', 'AUROC', '95 %', 'AP', 'Top 1 %', 'Selectivity', 'q', 'Name'],
    neurons.map((neuron) => [
      neuron.id,
      formatAuroc(neuron.auroc),
      forMarkdown(formatAurocInterval(neuron.low, neuron.high)),
      formatRatio(neuron.ap),
      formatRatio(neuron.precisionTop1),
      forMarkdown(formatSignedRatio(neuron.selectivity)),
      forMarkdown(formatQ(neuron.q)),
      forMarkdown(neuron.named ? (names[neuron.id]?.concept ?? name) : missedWords(neuron)),
    ]),
  );
}
