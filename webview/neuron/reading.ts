import { html, type TemplateResult } from 'lit';
import { wordList } from '../../src/core/common/wordList';
import type { Reading } from '../../src/core/stats/reading';
import { icon } from '../common/widgets';

/** The sentence about a neuron, its type words bold, with the rules that chose them. */
export function readingSection(reading: Reading): TemplateResult {
  const words = reading.words.map((word, index) => (index === 0 ? word : word.toLowerCase()));
  return html`<section class="section" aria-label="Summary">
    <p class="lead"><b>${wordList(words)}${words.length > 0 ? '.' : ''}</b> ${reading.sentence}</p>
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
          ${reading.rules.map(
            ({ rule, measured, holds }) =>
              html`<tr>
                <td>${rule}</td>
                <td>${measured}</td>
                <td class=${holds ? '' : 'dim'}>${holds ? html`${icon('check')} yes` : 'no'}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </section>`;
}
