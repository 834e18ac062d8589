import { formatDifference } from '../../../src/core/common/numberFormat';
import { areaOf, axes } from '../../common/pictures/axes';
import type { Ink, Mark, Picture, Point, Size } from '../../common/pictures/picture';
import { roundTicks, shortValue } from '../../common/ticks';
import type { LayerShare } from './layers';

/** Part of a layer's room that its bar takes. */
const BAR = 0.8;
/** Room that the name of a layer needs. */
const NAME = 34;

/** Where a logit comes from: bars by layer, attention and FFN on top of each other, and the line of their sum so far. */
export function layersPicture(layers: readonly LayerShare[], size: Size): Picture {
  const heights = layers.flatMap(({ attention, ffn, other, sum }) => {
    const parts = [attention, ffn, other];
    const stack = (sign: number): number =>
      parts.reduce((all, part) => all + (part * sign > 0 ? part : 0), 0);
    return [sum, stack(1), stack(-1)];
  });
  const [low, high] = [Math.min(0, ...heights), Math.max(0, ...heights)];
  const ticks = roundTicks(low, high, 5);
  const area = areaOf(size, ticks.map(shortValue), 10);
  const room = (area.right - area.left) / layers.length;
  const x = (at: number): number => area.left + (at + 0.5) * room;
  const y = (value: number): number =>
    area.bottom - ((value - low) / (high - low || 1)) * (area.bottom - area.top);
  const every = Math.max(1, Math.ceil(NAME / room));
  return {
    ...size,
    reach: [area.top, area.bottom],
    marks: [
      ...axes(
        area,
        {
          ticks: layers.flatMap(({ name }, at) =>
            (at % every === 0 && at + every / 2 < layers.length) || at === layers.length - 1
              ? [{ at: x(at), text: name === 'embedding' ? 'emb' : name === 'biases' ? 'bias' : name }]
              : [],
          ),
          title: 'layer',
        },
        { ticks: ticks.map((value) => ({ at: y(value), text: shortValue(value) })), title: 'logit' },
      ),
      ...layers.flatMap((layer, at) => bars(layer, x(at), (BAR * room) / 2, y)),
      {
        ...{ kind: 'line', ink: 'against', width: 1.5 },
        points: layers.map(({ sum }, at): Point => [x(at), y(sum)]),
      },
    ],
    stops: layers.map((layer, at) => ({ x: x(at), words: layerWords(layer) })),
  };
}

/** What adds stands above the axis, what takes away below, each on top of the one before. */
function bars(
  { attention, ffn, other }: LayerShare,
  middle: number,
  half: number,
  y: (value: number) => number,
): Mark[] {
  const reached = { above: 0, below: 0 };
  const parts: [number, Ink][] = [
    [other, 'control'],
    [attention, 'control'],
    [ffn, 'subject'],
  ];
  return parts.flatMap(([share, ink]): Mark[] => {
    if (share === 0) return [];
    const side = share > 0 ? 'above' : 'below';
    const from = reached[side];
    const to = (reached[side] += share);
    const [left, right] = [middle - half, middle + half];
    const points: Point[] = [
      [left, y(from)],
      [left, y(to)],
      [right, y(to)],
      [right, y(from)],
    ];
    return [{ kind: 'area', ink, points }];
  });
}

function layerWords({ name, attention, ffn, other, sum }: LayerShare): string {
  const shares = other === 0 ? `attention ${signed(attention)}, FFN ${signed(ffn)}` : signed(other);
  return `${name}: ${shares}; sum so far ${signed(sum)}`;
}

/** A share of a logit. */
export function signed(share: number): string {
  return formatDifference(share, 2);
}
