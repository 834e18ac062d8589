import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { formatCount, formatValue } from '../../src/core/common/numberFormat';
import type { ShownEvidence } from '../../src/core/concepts/conceptReading';
import type { ConceptNeuron } from '../../src/core/concepts/conceptResults';
import { OUTCOMES, type Outcome } from '../../src/core/concepts/evidence';
import type { Example } from '../../src/core/profile/neuronPage';
import { exampleItem } from '../common/exampleItem';
import { legend } from '../common/legend';
import { tabRow } from '../common/tabs';
import { iconButton, section } from '../common/widgets';

const LABELS: Readonly<Record<Outcome, string>> = {
  hits: 'Hits',
  misses: 'Misses',
  falseAlarms: 'False alarms',
};

/** What each of them is, by the side of the threshold. */
function meaningOf(outcome: Outcome, { auroc }: ConceptNeuron): string {
  const [beyond, before] = auroc < 0.5 ? ['below', 'above'] : ['above', 'below'];
  return {
    hits: `of the concept and ${beyond} the threshold`,
    misses: `of the concept, ${before} the threshold`,
    falseAlarms: `${beyond} the threshold, not of the concept`,
  }[outcome];
}

/** Hits, misses and false alarms of half B at the threshold that half A chose, under one colour scale. */
export function outcomesSection(
  { examples, counts, range }: ShownEvidence,
  row: ConceptNeuron,
  tab: Outcome,
  onChoose: (tab: Outcome) => void,
  onWrong: (example: Example) => void,
): TemplateResult {
  const listed = examples[tab];
  const setting = { neuron: row.id, range, colours: 'linear', pointed: null } as const;
  return section(
    'Examples',
    html`<span class="dim">threshold ${formatValue(row.threshold)}, chosen on half A</span>`,
    tabRow(
      'outcome',
      'Examples',
      OUTCOMES.map((name) => ({ name, label: LABELS[name], count: counts[name] })),
      tab,
      onChoose,
    ),
    html`<div id="outcome-panel" role="tabpanel" aria-labelledby="outcome-${tab}">
      <div class="examples-bar">
        ${legend(range)}
        <span class="dim"
          >${meaningOf(tab, row)} · ${listed.length} of ${formatCount(counts[tab])}, a seeded draw · half
          B</span
        >
      </div>
      ${
        listed.length === 0
          ? html`<p class="dim">There are none.</p>`
          : html`<ul class="examples">
              ${repeat(
                listed,
                ({ file, record, start, end }) => `${file}:${record ?? ''}:${start}:${end}`,
                (example) =>
                  exampleItem(
                    example,
                    setting,
                    iconButton('thumbsdown', 'The label is wrong here', () => onWrong(example)),
                  ),
              )}
            </ul>`
      }
    </div>`,
  );
}
