import { formatCount, formatValue } from '../../core/common/numberFormat';
import { leftOutSentence, type ConceptResult, type ConceptResults } from '../../core/concepts/conceptResults';
import {
  controlSentence,
  otherCorpus,
  type ConceptControl,
} from '../../core/concepts/controls/conceptControl';
import { formatTable, type Column } from './table';

/** Title of the column of another corpus. */
const ELSEWHERE = 'elsewhere';

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
    ...controls.map(controlLine),
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
  const isOther = otherCorpus(control) !== null;
  return {
    title: isOther ? ELSEWHERE : control,
    align: 'right',
    text: ({ name }) => {
      const there = byName.get(name);
      const area = isOther ? there?.same : there?.neuron?.auroc;
      return area === undefined || area === null ? '–' : area.toFixed(3);
    },
  };
}

/** What a control says in all, and what its column is. */
function controlLine(control: ConceptControl): string {
  const column =
    otherCorpus(control.control) === null
      ? `The best stands under "${control.control}".`
      : `"${ELSEWHERE}" is the best neuron's AUROC there, where it is among those chosen.`;
  return `${controlSentence(control)} ${column}`;
}
