import { formatAuroc, formatCount } from '../../../src/core/common/numberFormat';
import type { ManyNeurons } from '../../../src/core/concepts/conceptResults';
import { roundTicks } from '../../common/ticks';
import { areaOf, axes } from '../../common/pictures/axes';
import type { Mark, Picture, Point, Size } from '../../common/pictures/picture';

/** What some neurons reach together. */
export interface Together {
  /** `8`, or `layer` for a whole one. */
  readonly short: string;
  /** `8 neurons`, `L3, all 1,536 neurons` */
  readonly name: string;
  readonly auroc: number;
  readonly ap: number;
  /** What as many of the control's reach for its labels; null where that was not measured. */
  readonly shuffled: number | null;
}

/** How many neurons reach what, the fewest first, the whole layer last. */
export function togetherOf({ k, auroc, ap, shuffled, whole }: ManyNeurons): Together[] {
  const few = k.map((neurons, at) => ({
    short: formatCount(neurons),
    name: `${formatCount(neurons)} ${neurons === 1 ? 'neuron' : 'neurons'}`,
    ...{ auroc: auroc[at]!, ap: ap[at]!, shuffled: shuffled[at] ?? null },
  }));
  if (!whole) return few;
  const name = `${whole.layer}, all ${formatCount(whole.neurons)} neurons`;
  return [...few, { short: 'layer', name, auroc: whole.auroc, ap: whole.ap, shuffled: null }];
}

/** One of them in words: `8 neurons: AUROC 0.990, shuffled labels 0.700`. */
export function togetherWords({ name, auroc, shuffled }: Together): string {
  const control = shuffled === null ? '' : `, shuffled labels ${formatAuroc(shuffled)}`;
  return `${name}: AUROC ${formatAuroc(auroc)}${control}`;
}

/** The AUROC that some neurons reach together, beside that of the shuffled labels. */
export function manyPicture(many: ManyNeurons, size: Size): Picture {
  const all = togetherOf(many);
  const lowest = Math.min(
    0.5,
    ...all
      .flatMap(({ auroc, shuffled }) => [auroc, shuffled ?? auroc])
      .map((area) => Math.floor(10 * area) / 10),
  );
  const area = areaOf(size, ['0.0'], 10);
  const inset = 14;
  const x = (at: number): number =>
    area.left + inset + (at / Math.max(1, all.length - 1)) * (area.right - area.left - 2 * inset);
  const y = (value: number): number =>
    area.bottom - ((value - lowest) / (1 - lowest)) * (area.bottom - area.top);
  const points = all.map(({ auroc }, at): Point => [x(at), y(auroc)]);
  const control = all.flatMap(({ shuffled }, at): Point[] =>
    shuffled === null ? [] : [[x(at), y(shuffled)]],
  );
  return {
    ...size,
    reach: [area.top, area.bottom],
    marks: [
      ...axes(
        area,
        { ticks: all.map(({ short }, at) => ({ at: x(at), text: short })), title: 'neurons' },
        {
          ticks: roundTicks(lowest, 1, 6).map((value) => ({ at: y(value), text: value.toFixed(1) })),
          title: 'AUROC, half B',
        },
      ),
      { kind: 'line', ink: 'against', points: control, dashed: true, width: 1.5 },
      { kind: 'line', ink: 'subject', points, width: 2 },
      ...points.map((at): Mark => ({ kind: 'dot', ink: 'subject', at, radius: 3 })),
    ],
    stops: all.map((together, at) => ({ x: x(at), words: togetherWords(together) })),
  };
}
