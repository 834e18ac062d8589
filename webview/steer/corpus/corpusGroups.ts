import { html, nothing, type TemplateResult } from 'lit';
import { hasFairControls } from '../../../src/core/cause/ablationFigures';
import {
  farthestControl,
  groupWords,
  LOWER_BOUND,
  type GroupChange,
} from '../../../src/core/cause/corpusAnswer';
import { formatCount, formatSigned } from '../../../src/core/common/numberFormat';
import type { CorpusState } from '../../../src/protocol/pages/steer';
import { identityLine } from '../../common/identityLine';
import { note } from '../../common/widgets';

/** The change of the loss by group of tokens, with its interval and beside its controls. */
export function corpusGroups({ question, answer }: NonNullable<CorpusState['run']>): TemplateResult {
  const isFair = hasFairControls(answer);
  const count = answer.controls.length;
  return html`${answer.notices.map((notice) => note('info', html`${notice}`))}
    <table class="lines corpus-groups">
      <caption class="hidden-text">
        Change of the loss over the corpus by group of tokens
      </caption>
      <thead>
        <tr>
          <th scope="col">Tokens</th>
          <th scope="col" class="number">Count</th>
          <th scope="col" class="number wide-only">Loss before</th>
          <th scope="col" class="number">Change</th>
          <th scope="col" class="number">95 % interval</th>
          <th scope="col" class="number">Farthest of ${count} controls</th>
          <th scope="col" class="number">p</th>
        </tr>
      </thead>
      <tbody>
        ${answer.groups.map((group) => groupRow(group, question.concept, isFair))}
      </tbody>
    </table>
    ${
      isFair
        ? nothing
        : note('warning', html`<b>No fair control:</b> with ${count} control neurons there is no p.`)
    }
    <p class="remark">
      ${formatCount(answer.tokens)} tokens of ${formatCount(answer.documents)}
      ${answer.documents === 1 ? 'document' : 'documents'}. Nats a token, after minus before; intervals by
      drawing documents. Controls are matched on mean |activation| · ‖w_out‖ over these texts; p = (1 +
      controls that move the loss as far, either way) / ${count + 1}. ${LOWER_BOUND} No change is a result
      too.
    </p>
    <p class="remark">${identityLine(answer.identity)}</p>`;
}

function groupRow(group: GroupChange, concept: string | null, isFair: boolean): TemplateResult {
  const { tokens, before, change, low, high, p } = group;
  const farthest = farthestControl(group);
  return html`<tr>
    <th scope="row">${groupWords(group.group, concept)}</th>
    <td class="number">${formatCount(tokens)}</td>
    <td class="number wide-only">${before.toFixed(3)}</td>
    <td class="number">${formatSigned(change)}</td>
    <td class="number">
      ${low === null || high === null ? '–' : html`<span>${formatSigned(low)}</span> to <span>${formatSigned(high)}</span>`}
    </td>
    <td class="number">${farthest === null ? '–' : formatSigned(farthest)}</td>
    <td class="number">${isFair && p !== null ? p.toFixed(3) : '–'}</td>
  </tr>`;
}
