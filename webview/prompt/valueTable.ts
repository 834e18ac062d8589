import { html, type TemplateResult } from 'lit';
import type { ComparedPrompt, ComparedToken } from '../../src/core/cause/promptsAnswer';
import { colourStep } from '../../src/core/common/colourScale';
import { formatValue } from '../../src/core/common/numberFormat';
import { colourClass } from '../common/colourClass';
import { tokenChip } from '../common/tokenText';

/** Half of the last digit that is shown of a small value. */
const LEAST = 0.005;

/** The values of the chosen neurons on a prompt, token by token, each row in its own scale. */
export function valueTable(
  name: string,
  text: string,
  { tokens, values }: ComparedPrompt,
  neurons: readonly string[],
  {
    ranges,
    colouring,
    choose,
  }: {
    readonly ranges: readonly number[];
    readonly colouring: string | null;
    readonly choose: (neuron: string) => void;
  },
): TemplateResult {
  const title = `Values of the chosen neurons on prompt ${name}`;
  const cell = (value: number, range: number): TemplateResult =>
    html`<td class="number ${colourClass(value, range, 'linear')}">
      ${colourStep(value, range) === 0 ? html`<span class="dim">${shortValue(value)}</span>` : formatValue(value)}
    </td>`;
  return html`<div class="sideways" tabindex="0" role="region" aria-label=${title}>
    <table class="prompt-values">
      <caption class="hidden-text">
        ${title}
      </caption>
      <thead>
        <tr>
          <th scope="col"><span class="hidden-text">Neuron</span></th>
          ${tokens.map((token, at) => html`<th scope="col" class="number">${tokenChip(wordsOf(text, tokens, token, at))}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${neurons.map(
          (neuron, row) =>
            html`<tr class=${neuron === colouring ? 'colouring' : ''} @click=${() => choose(neuron)}>
              <th scope="row">${neuron}</th>
              ${(values[row] ?? []).map((value) => cell(value, ranges[row] ?? 0))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A value beside many others: what is near nothing takes no room. */
function shortValue(value: number): string {
  return Math.abs(value) < LEAST ? '0.00' : formatValue(value);
}

/** A token's text without what an earlier one has already; what stands for it where it has none. */
export function wordsOf(
  text: string,
  tokens: readonly ComparedToken[],
  { start, end, piece }: ComparedToken,
  at: number,
): string {
  const own = text.slice(Math.max(start, tokens[at - 1]?.end ?? 0), end);
  return own === '' ? piece : own;
}
