import { formatAuroc, formatCount } from '../../../src/core/common/numberFormat';
import type { ManyNeurons } from '../../../src/core/concepts/conceptResults';
import { roundTicks } from '../../common/ticks';
import { areaOf, axes } from './axes';
import type { Mark, Picture, Point, Size } from './picture';

/** The AUROC that some neurons reach together, beside that of the shuffled labels. */
export function manyPicture({ k, auroc, shuffled }: ManyNeurons, size: Size): Picture {
  const lowest = Math.min(0.5, Math.floor(10 * Math.min(...auroc, ...shuffled)) / 10);
  const ticks = roundTicks(lowest, 1, 6);
  const area = areaOf(size, ['0.0'], 10);
  const inset = 14;
  const x = (at: number): number =>
    area.left + inset + (at / Math.max(1, k.length - 1)) * (area.right - area.left - 2 * inset);
  const y = (value: number): number =>
    area.bottom - ((value - lowest) / (1 - lowest)) * (area.bottom - area.top);
  const points = (values: readonly number[]): Point[] => values.map((value, at) => [x(at), y(value)]);
  return {
    ...size,
    reach: [area.top, area.bottom],
    marks: [
      ...axes(
        area,
        { ticks: k.map((neurons, at) => ({ at: x(at), text: formatCount(neurons) })), title: 'neurons' },
        { ticks: ticks.map((value) => ({ at: y(value), text: value.toFixed(1) })), title: 'AUROC, half B' },
      ),
      { kind: 'line', ink: 'others', points: points(shuffled), dashed: true, width: 1.5 },
      { kind: 'line', ink: 'concept', points: points(auroc), width: 2 },
      ...points(auroc).map((at): Mark => ({ kind: 'dot', ink: 'concept', at, radius: 3 })),
    ],
    stops: k.map((neurons, at) => ({
      x: x(at),
      words: `${formatCount(neurons)} ${neurons === 1 ? 'neuron' : 'neurons'}: AUROC ${formatAuroc(auroc[at]!)}${
        shuffled[at] === undefined ? '' : `, shuffled labels ${formatAuroc(shuffled[at])}`
      }`,
    })),
  };
}
