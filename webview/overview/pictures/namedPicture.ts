import { formatCount, formatShare } from '../../../src/core/common/numberFormat';
import type { LayerStrip } from '../../../src/core/overview/layerStrips';
import { areaOf, axes } from '../../common/pictures/axes';
import { type Mark, type Picture, type Size, widthOf } from '../../common/pictures/picture';
import { roundTicks, shortValue } from '../../common/ticks';

/** A layer with how many of its neurons carry a name. */
export interface NamedLayer {
  readonly layer: string;
  readonly neurons: number;
  readonly named: number;
}

export function layersNamed(layers: readonly LayerStrip[], byLayer: readonly number[]): NamedLayer[] {
  return layers.map(({ layer, neurons }, at) => ({ layer, neurons, named: byLayer[at] ?? 0 }));
}

/** A bar a layer, and a dashed line at the share that shuffled weights reach; null where that was not tested. */
export function namedPicture(layers: readonly NamedLayer[], control: number | null, size: Size): Picture {
  const shares = layers.map(({ named, neurons }) => (100 * named) / neurons);
  const line = control === null ? 0 : 100 * control;
  const highest = Math.max(...shares, line, 0.01) * 1.05;
  const ticks = roundTicks(0, highest, 5);
  const area = areaOf(size, ticks.map(shortValue), 8);
  const pitch = (area.right - area.left) / layers.length;
  const x = (at: number): number => area.left + (at + 0.5) * pitch;
  const y = (percent: number): number => area.bottom - (percent / highest) * (area.bottom - area.top);
  const half = 0.43 * pitch;
  const short = layers.map(({ layer }) => layer.replace('L', ''));
  const every = Math.max(1, Math.ceil((Math.max(...short.map(widthOf)) + 10) / pitch));
  const bars = shares.map((percent, at): Mark => {
    const [left, right, top] = [x(at) - half, x(at) + half, y(percent)];
    return {
      kind: 'area',
      ink: 'subject',
      points: [
        [left, area.bottom],
        [left, top],
        [right, top],
        [right, area.bottom],
      ],
    };
  });
  const dashes: Mark = {
    kind: 'line',
    ink: 'words',
    dashed: true,
    width: 1.5,
    points: [
      [area.left, y(line)],
      [area.right, y(line)],
    ],
  };
  return {
    ...size,
    reach: [area.top, area.bottom],
    marks: [
      ...axes(
        area,
        {
          ticks: short.flatMap((text, at) => (at % every === 0 ? [{ at: x(at), text }] : [])),
          title: 'layer',
        },
        { ticks: ticks.map((value) => ({ at: y(value), text: shortValue(value) })), title: '% of neurons' },
      ),
      ...bars,
      ...(control === null ? [] : [dashes]),
    ],
    stops: layers.map(({ layer, named, neurons }, at) => ({
      x: x(at),
      words: `${layer}: ${formatCount(named)} of ${formatCount(neurons)} named, ${formatShare(named / neurons)}`,
    })),
  };
}
