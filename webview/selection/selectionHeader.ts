import { html, type TemplateResult } from 'lit';
import { modelName } from '../../src/core/common/modelName';
import { formatCount, formatValue } from '../../src/core/common/numberFormat';
import type { SelectionAnswer } from '../../src/core/selection/selectionAnswer';
import { request } from '../common/wishes';
import { quantityName } from '../common/modelNames';
import { badge, icon } from '../common/widgets';

/** Where the text stands, and what its neurons are compared with. */
export function selectionHeader(answer: SelectionAnswer): TemplateResult {
  const { background, tokens } = answer;
  return html`<header class="header">
    <div class="header-first"><h1 class="words">Neurons of the selection</h1></div>
    <div class="header-second">
      <span>${sourceLink(answer)}</span>
      <span>${formatCount(tokens.length)} ${tokens.length === 1 ? 'token' : 'tokens'}</span>
      <span>${icon('circuit-board')}${modelName(answer.model)} · ${quantityName(answer.quantity)}</span>
      <span>${icon('files')}Background: ${background.profile}, ${formatCount(background.tokens)} tokens</span>
      <span
        >${badge(`${formatValue(answer.seconds)} s`, { icon: 'watch', title: 'Time for this selection' })}</span
      >
    </div>
  </header>`;
}

function sourceLink({ source }: SelectionAnswer): TemplateResult {
  if (source === null) return html`A text by itself, without context`;
  const { file, start, end, firstLine, lastLine } = source;
  const lines = firstLine === lastLine ? String(firstLine) : `${firstLine}–${lastLine}`;
  const open = (event: Event): void => {
    event.preventDefault();
    request(event.currentTarget as Element, {
      type: 'openPlace',
      file,
      record: null,
      start,
      end,
      line: firstLine,
      column: 1,
      token: '',
    });
  };
  return html`<a class="place" href="#" @click=${open}>${file}:${lines}</a>`;
}
