import { formatCount, formatValue } from '../../core/common/numberFormat';
import { leftOutSentence, type ConceptResult, type ConceptResults } from '../../core/concepts/conceptResults';
import type { ConceptControl } from '../../core/concepts/controls/conceptControl';
import { formatTable, type Column } from './table';

/** The table of concepts with their best neurons, what was refused, and what controls make of the same. */
export function describeConcepts(results: ConceptResults, controls: readonly ConceptControl[]): string {
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
      ...controls.map(controlColumn),
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
    ...controls.map(controlSentence),
    '',
    table,
  ];
  if (refused.length > 0) {
    lines.push('', 'Refused:', ...refused.map(({ name, refused: reason }) => `  ${name}: ${reason ?? ''}`));
  }
  return lines.join('\n');
}

/** What an AUROC beside the original's is of. */
function controlColumn({ control, concepts }: ConceptControl): Column<ConceptResult> {
  const byName = new Map(concepts.map((concept) => [concept.name, concept]));
  const isOther = control !== 'shuffled' && control !== 'embedding';
  return {
    title: isOther ? 'elsewhere' : control,
    align: 'right',
    text: ({ name }) => {
      const there = byName.get(name);
      const area = isOther ? there?.same : there?.neuron?.auroc;
      return area === undefined || area === null ? '–' : area.toFixed(3);
    },
  };
}

function controlSentence({ control, named: { neurons, of } }: ConceptControl): string {
  const share = `${formatCount(neurons)} of ${formatCount(of)}`;
  if (control === 'shuffled')
    return `With shuffled weights ${share} neurons do; the best stands under "shuffled".`;
  if (control === 'embedding')
    return `Of the token embedding alone ${share} dimensions do; the best stands under "embedding".`;
  return `On ${control} ${share} neurons do; "elsewhere" is the best neuron's AUROC there, where it is among those chosen.`;
}
