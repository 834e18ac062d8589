import { inOneLine } from '../common/foreignText';
import { medianOf } from '../common/median';
import { formatShare, formatSigned, formatValue } from '../common/numberFormat';
import type { AblationAnswer } from './ablationAnswer';

/** A figure with what it is. */
export interface EffectFigure {
  readonly figure: string;
  readonly label: string;
}

/** Fewer controls are no fair comparison. */
const FEWEST_CONTROLS = 5;
/** As much of a token is named. */
const LONGEST_TOKEN = 60;

/** Whether there are enough control neurons for a comparison. */
export function hasFairControls({ controls }: { readonly controls: readonly unknown[] }): boolean {
  return controls.length >= FEWEST_CONTROLS;
}

/** What is compared: the divergence, or without a distribution 1 − cosine. */
export function changeOf({ kl, cosine }: AblationAnswer): number {
  return kl ?? 1 - (cosine?.sentence ?? NaN);
}

/** The mean change of the loss over the tokens that have one, in nats; null without. */
export function meanLossChange({ loss }: AblationAnswer): number | null {
  const changes = loss.flatMap(({ before, after }) =>
    before === null || after === null ? [] : [after - before],
  );
  return changes.length === 0 ? null : changes.reduce((sum, change) => sum + change, 0) / changes.length;
}

/** The figures of an ablation as people read them. */
export function effectFigures(answer: AblationAnswer): EffectFigure[] {
  const { output, next, topRank, cosine } = answer;
  const [top] = next;
  const loss = meanLossChange(answer);
  const name = output === 'classes' ? 'class' : 'token';
  return [
    ...(top
      ? [
          {
            figure: `${formatShare(top.before)} → ${formatShare(top.after)}`,
            label: `top ${name} “${inOneLine(top.token.slice(0, LONGEST_TOKEN))}”`,
          },
        ]
      : []),
    cosine
      ? { figure: cosine.sentence.toFixed(6), label: 'cosine of the sentence vector, before and after' }
      : { figure: `${formatValue(answer.kl)} nats`, label: 'KL divergence, before to after' },
    ...(hasFairControls(answer) ? againstControls(answer) : []),
    ...(loss === null ? [] : [{ figure: formatSigned(loss), label: 'mean loss change, nats per token' }]),
    ...(topRank === null ? [] : [{ figure: `1 → ${topRank}`, label: `rank of the top ${name}` }]),
  ];
}

function againstControls(answer: AblationAnswer): EffectFigure[] {
  const { controls, cosine, p } = answer;
  const sizes = controls.map(({ change }) => change);
  const asLarge = sizes.filter((size) => size >= changeOf(answer)).length;
  const count = sizes.length;
  return [
    {
      figure: formatValue(medianOf(sizes)),
      label: `median ${cosine ? '1 − cosine' : 'KL'} of ${count} matched controls`,
    },
    {
      figure: `p = ${p === null ? '–' : p.toFixed(3)}`,
      label:
        asLarge === 0
          ? `no control of ${count} is as large`
          : `${asLarge} of ${count} controls ${asLarge === 1 ? 'is' : 'are'} as large`,
    },
  ];
}
