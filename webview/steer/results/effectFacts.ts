import { html, type TemplateResult } from 'lit';
import type { AblationAnswer } from '../../../src/core/cause/ablationAnswer';
import { medianOf } from '../../../src/core/common/median';
import { formatShare, formatSigned, formatValue } from '../../../src/core/common/numberFormat';
import { withVisibleBreaks, shortened } from '../../common/tokenText';

/** A figure with what it is. */
export interface EffectFact {
  readonly figure: string;
  readonly label: string;
}

/** Fewer controls are no fair comparison. */
const FEWEST_CONTROLS = 5;

/** Whether there are enough control neurons for a comparison. */
export function hasFairControls({ controls }: AblationAnswer): boolean {
  return controls.length >= FEWEST_CONTROLS;
}

/** What is compared: the divergence, or without a distribution 1 − cosine. */
export function changeOf({ kl, cosine }: AblationAnswer): number {
  return kl ?? 1 - (cosine?.sentence ?? NaN);
}

/** The mean change of the loss over the tokens that have one; null without. */
export function meanLossChange({ loss }: AblationAnswer): number | null {
  const changes = loss.flatMap(({ before, after }) =>
    before === null || after === null ? [] : [after - before],
  );
  return changes.length === 0 ? null : changes.reduce((sum, change) => sum + change, 0) / changes.length;
}

/** The figures of an ablation, the most telling first. */
export function effectFacts(answer: AblationAnswer): EffectFact[] {
  const { output, next, topRank, cosine, controls, p } = answer;
  const [top] = next;
  const loss = meanLossChange(answer);
  const measure = cosine ? '1 − cosine' : 'KL';
  const facts: EffectFact[] = [];
  if (top) {
    const name = output === 'classes' ? 'class' : 'token';
    facts.push({
      figure: `${formatShare(top.before)} → ${formatShare(top.after)}`,
      label: `top ${name} “${withVisibleBreaks(shortened(top.token))}”`,
    });
  }
  facts.push(
    cosine
      ? { figure: cosine.sentence.toFixed(6), label: 'cosine of the sentence vector, before and after' }
      : { figure: `${formatValue(answer.kl)} nats`, label: 'KL divergence, before to after' },
  );
  if (hasFairControls(answer)) {
    const sizes = controls.map(({ change }) => change);
    const asLarge = sizes.filter((size) => size >= changeOf(answer)).length;
    facts.push(
      {
        figure: formatValue(medianOf(sizes)),
        label: `median ${measure} of ${controls.length} matched controls`,
      },
      { figure: `p = ${p === null ? '–' : p.toFixed(3)}`, label: asLargeWords(asLarge, controls.length) },
    );
  }
  if (loss !== null) facts.push({ figure: formatSigned(loss), label: 'mean loss change, nats per token' });
  if (topRank !== null)
    facts.push({
      figure: `1 → ${topRank}`,
      label: `rank of the top ${output === 'classes' ? 'class' : 'token'}`,
    });
  return facts;
}

function asLargeWords(asLarge: number, controls: number): string {
  if (asLarge === 0) return `no control of ${controls} is as large`;
  return `${asLarge} of ${controls} controls ${asLarge === 1 ? 'is' : 'are'} as large`;
}

/** The figures in a row. */
export function factList(facts: readonly EffectFact[]): TemplateResult {
  return html`<ul class="facts">
    ${facts.map(({ figure, label }) => html`<li><b>${figure}</b><span>${label}</span></li>`)}
  </ul>`;
}
