import { html, type TemplateResult } from 'lit';
import { colourRange } from '../../src/core/common/colourScale';
import { formatValue } from '../../src/core/common/numberFormat';
import type { SelectionAnswer, SelectionRow } from '../../src/core/selection/selectionAnswer';
import { colourClass } from '../common/colourClass';
import { tokenChip } from '../common/tokenText';
import '../common/tokenToggles';

/**
 * The selected text; each token is a toggle, coloured by the neuron of the chosen row.
 * @param chosen index of the token that rows are ranked by, null for the selection as a whole
 */
export function selectionText(
  { text, tokens }: SelectionAnswer,
  row: SelectionRow | undefined,
  chosen: number | null,
  onChoose: (token: number | null) => void,
): TemplateResult {
  const valueAt = (index: number): number | null => row?.values[index] ?? null;
  const range = row ? colourRange(row.background.min, row.background.max) : 0;
  const tell = (index: number, words: string): TemplateResult => {
    const value = valueAt(index);
    const number = value === null ? 'not counted' : formatValue(value);
    return html`${tokenChip(words)}<b>${number}</b><span>token ${index + 1} of ${tokens.length}</span>`;
  };
  return html`<token-toggles
    .text=${text}
    .tokens=${tokens}
    .pressed=${chosen === null ? [] : [chosen]}
    .label=${'Selected text as tokens. Arrow keys move, Enter selects one token.'}
    .classOf=${(index: number) => colourClass(valueAt(index), range, 'linear')}
    .tell=${tell}
    @token-toggled=${({ detail }: CustomEvent<number>) => onChoose(chosen === detail ? null : detail)}
    @tokens-cleared=${() => onChoose(null)}
  ></token-toggles>`;
}
