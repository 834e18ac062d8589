import { formatCount, formatValue } from '../../../src/core/common/numberFormat';
import type { ShownEvidence } from '../../../src/core/concepts/conceptReading';
import type { ConceptNeuron } from '../../../src/core/concepts/conceptResults';
import { roundTicks, shortValue } from '../../common/ticks';
import { areaOf, axes, type Area } from '../../common/pictures/axes';
import { type Mark, type Picture, type Point, type Size, widthOf } from '../../common/pictures/picture';

/** Keeps a bar of one token visible above the axis. */
const LOWEST_COUNT = 0.7;
const ROOM_OF_TICK = 72;
const ROOM_ABOVE = 22;

/** Both classes' values on half B, counts on a log axis: bars of the concept, the line of the others, the threshold. */
export function classPicture(
  { histogram, counts }: Pick<ShownEvidence, 'histogram' | 'counts'>,
  { threshold }: Pick<ConceptNeuron, 'threshold'>,
  valueTitle: string,
  size: Size,
): Picture {
  const { edges, positives, others } = histogram;
  const [low, high] = [edges[0]!, edges.at(-1)!];
  const most = Math.max(1, ...positives, ...others);
  const powers = Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, power) => 10 ** power);
  const area = areaOf(size, powers.map(formatCount), ROOM_ABOVE);
  const x = (value: number): number => area.left + ((value - low) / (high - low)) * (area.right - area.left);
  const y = (count: number): number => {
    const share =
      Math.log(Math.max(count, LOWEST_COUNT) / LOWEST_COUNT) / Math.log((1.3 * most) / LOWEST_COUNT);
    return area.bottom - share * (area.bottom - area.top);
  };
  const steps = (bars: readonly number[]): Point[] =>
    bars.flatMap((count, bar): Point[] => [
      [x(edges[bar]!), y(count)],
      [x(edges[bar + 1]!), y(count)],
    ]);
  const ticksThatFit = Math.max(2, Math.floor((area.right - area.left) / ROOM_OF_TICK));
  return {
    ...size,
    reach: [area.top, area.bottom],
    marks: [
      ...axes(
        area,
        {
          ticks: roundTicks(low, high, ticksThatFit).map((value) => ({
            at: x(value),
            text: shortValue(value),
          })),
          title: valueTitle,
        },
        {
          ticks: powers.map((count) => ({ at: y(count), text: formatCount(count) })),
          title: 'tokens per bar',
        },
      ),
      {
        ...{ kind: 'area', ink: 'subject' },
        points: [[area.left, area.bottom], ...steps(positives), [area.right, area.bottom]],
      },
      { kind: 'line', ink: 'against', points: steps(others), width: 1.5 },
      ...thresholdMarks(x(threshold), threshold, counts, area),
    ],
    stops: positives.map((count, bar) => ({
      x: (x(edges[bar]!) + x(edges[bar + 1]!)) / 2,
      words: `${formatValue(edges[bar]!)} to ${formatValue(edges[bar + 1]!)}: ${formatCount(count)} of the concept, ${formatCount(others[bar]!)} other`,
    })),
  };
}

/** A threshold of half A may lie beyond all values of half B: then at the end that it lies at. */
function thresholdMarks(
  place: number,
  threshold: number,
  { hits, falseAlarms }: ShownEvidence['counts'],
  area: Area,
): Mark[] {
  const at = Math.min(area.right, Math.max(area.left, place));
  const short = `threshold ${formatValue(threshold)}`;
  const long = `${short}: ${formatCount(hits)} hits, ${formatCount(falseAlarms)} false alarms`;
  const fits = (text: string, right: boolean): boolean =>
    right ? at + 5 + widthOf(text) <= area.right : at - 5 - widthOf(text) >= area.left;
  const [text, right] =
    [[long, true] as const, [long, false] as const].find(([words, side]) => fits(words, side)) ??
    ([short, fits(short, true)] as const);
  return [
    {
      ...{ kind: 'line', ink: 'words', dashed: true, width: 1 },
      points: [
        [at, area.top - 14],
        [at, area.bottom],
      ],
    },
    {
      ...{ kind: 'words', ink: 'words', text },
      at: [right ? at + 5 : at - 5, area.top - 6],
      anchor: right ? 'start' : 'end',
    },
  ];
}
