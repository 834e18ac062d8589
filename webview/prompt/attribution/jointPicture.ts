import type { JointAblation } from '../../../src/core/cause/attributionAnswer';
import { formatDifference } from '../../../src/core/common/numberFormat';
import { medianOf } from '../../../src/core/common/median';
import { areaOf, axes } from '../../common/pictures/axes';
import type { Mark, Picture, Point, Size } from '../../common/pictures/picture';
import { roundTicks, shortValue } from '../../common/ticks';

/** By how much the logit falls without the first k neurons, beside as many others of like size. */
export function jointPicture(joint: readonly JointAblation[], size: Size): Picture {
  const all = joint.flatMap(({ chosen, random }) => [chosen, ...random]);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const ticks = roundTicks(low, high, 5);
  const area = areaOf(size, ticks.map(shortValue), 10);
  const x = (at: number): number =>
    area.left + ((at + 0.25) / Math.max(1, joint.length - 0.5)) * (area.right - area.left);
  const y = (value: number): number =>
    area.bottom - ((value - low) / (high - low || 1)) * (area.bottom - area.top);
  const line = (of: (one: JointAblation) => number): Point[] => joint.map((one, at) => [x(at), y(of(one))]);
  const chosen = line((one) => one.chosen);
  const least = line(({ random }) => Math.min(...random));
  const most = line(({ random }) => Math.max(...random));
  return {
    ...size,
    reach: [area.top, area.bottom],
    marks: [
      ...axes(
        area,
        {
          ticks: joint.map(({ k }, at) => ({ at: x(at), text: String(k) })),
          title: 'neurons ablated together, k',
        },
        {
          ticks: ticks.map((value) => ({ at: y(value), text: shortValue(value) })),
          title: 'fall of the logit',
        },
      ),
      { kind: 'area', ink: 'control', points: [...most, ...least.reverse()] },
      { kind: 'line', ink: 'control', points: line(({ random }) => medianOf(random)), width: 1.5 },
      { kind: 'line', ink: 'subject', points: chosen, width: 2 },
      ...chosen.map((at): Mark => ({ kind: 'dot', ink: 'subject', at, radius: 3 })),
    ],
    stops: joint.map((one, at) => ({ x: x(at), words: jointWords(one) })),
  };
}

/** `First 8: +3.98; 8 others: +0.12 [+0.01 to +0.30]` */
function jointWords({ k, chosen, random }: JointAblation): string {
  return `First ${k}: ${formatDifference(chosen, 2)}; ${k} others: ${formatDifference(medianOf(random), 2)} [${rangeOf(random)}]`;
}

/** From the least to the most. */
export function rangeOf(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.length === 0 ? '–' : `${formatDifference(low, 2)} to ${formatDifference(high, 2)}`;
}
