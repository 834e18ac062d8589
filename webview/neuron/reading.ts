import { html, nothing, type TemplateResult } from 'lit';
import { inOneLine } from '../../src/core/common/foreignText';
import { wordList } from '../../src/core/common/wordList';
import { goesWith, nameRules, type NeuronMeaning } from '../../src/core/concepts/neuronMeaning';
import { formatAuroc, formatRatio } from '../../src/core/common/numberFormat';
import type { Reading } from '../../src/core/stats/reading';
import { badge, icon } from '../common/widgets';

/** The sentence about a neuron, its type words bold, with the rules that chose them. */
export function readingSection(reading: Reading, meaning: NeuronMeaning): TemplateResult {
  const words = reading.words.map((word, index) => (index === 0 ? word : word.toLowerCase()));
  return html`<section class="section" aria-label="Summary">
    <p class="lead">
      <b>${wordList(words)}${words.length > 0 ? '.' : ''}</b> ${reading.sentence} ${nameClause(meaning)}
    </p>
    <details class="decided">
      <summary>How was this decided?</summary>
      <table class="lines rules">
        <caption class="hidden-text">
          Rules of the summary
        </caption>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Measured</th>
            <th scope="col">Holds</th>
          </tr>
        </thead>
        <tbody>
          ${[...reading.rules, ...nameRules(meaning)].map(
            ({ rule, measured, holds }) =>
              html`<tr>
                <td>${rule}</td>
                <td>${inOneLine(measured)}</td>
                <td class=${holds ? '' : 'dim'}>${holds ? html`${icon('check')} yes` : 'no'}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </section>`;
}

/** What the neuron goes with, its figures beside it. */
function nameClause({ name }: NeuronMeaning): TemplateResult | typeof nothing {
  if (!name) return nothing;
  const figures = badge(`AUROC ${formatAuroc(name.auroc)} · AP ${formatRatio(name.ap)}`, {
    icon: 'tag',
    title: 'On documents that took no part in the choice',
  });
  return html`${goesWith(name)} <b class="words">${inOneLine(name.concept)}</b> ${figures}.`;
}
