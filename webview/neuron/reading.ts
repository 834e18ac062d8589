import { html, nothing, type TemplateResult } from 'lit';
import { inOneLine } from '../../src/core/common/foreignText';
import { wordList } from '../../src/core/common/wordList';
import { goesWith, nameRules, NO_NAME, type NeuronMeaning } from '../../src/core/concepts/neuronMeaning';
import { formatAuroc, formatRatio } from '../../src/core/common/numberFormat';
import type { Reading } from '../../src/core/stats/reading';
import { conceptName } from '../common/conceptLink';
import { tokenChips } from '../common/tokenText';
import { asSentence, badge, icon } from '../common/widgets';

/**
 * The sentence about a neuron, its type words bold, with the rules that chose them.
 * @param isLinked whether somebody can open the page of its concept
 */
export function readingSection(reading: Reading, meaning: NeuronMeaning, isLinked: boolean): TemplateResult {
  const words = reading.words.map((word, index) => (index === 0 ? word : word.toLowerCase()));
  return html`<section class="section" aria-label="Summary">
    <p class="lead">
      <b>${wordList(words)}${words.length > 0 ? '.' : ''}</b> ${sentence(reading)}
      ${nameClause(meaning, isLinked)}
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

/** The sentence with its tokens as chips. */
function sentence({ parts }: Reading): (TemplateResult | string)[] {
  return parts.flatMap((part) => (typeof part === 'string' ? part : tokenChips(part.tokens)));
}

/** What the neuron goes with, its figures beside it; that it is nothing, where concepts were tested. */
function nameClause(
  { name, conceptTests }: NeuronMeaning,
  isLinked: boolean,
): TemplateResult | string | typeof nothing {
  if (!name) return conceptTests ? asSentence(NO_NAME) : nothing;
  const figures = badge(`AUROC ${formatAuroc(name.auroc)} · AP ${formatRatio(name.ap)}`, {
    icon: 'tag',
    title: 'On documents that took no part in the choice',
  });
  return html`${goesWith(name)} <b class="words">${conceptName(name.concept, isLinked)}</b> ${figures}.`;
}
