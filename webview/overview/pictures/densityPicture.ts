import { formatShare, formatValue } from '../../../src/core/common/numberFormat';
import type { SampledNeuron } from '../../../src/core/overview/sampledNeurons';
import { areaOf, axes, type Tick } from '../../common/pictures/axes';
import { type Mark, type Picture, type Size, widthOf } from '../../common/pictures/picture';
import { shortValue } from '../../common/ticks';

/** Least strength of a point's colour: that of the first layer. */
const FAINTEST = 0.4;

/** A logarithmic axis over whole powers of ten. */
interface LogAxis {
  readonly powers: readonly number[];
  /** Share of the axis at which a value lies. */
  readonly shareOf: (value: number) => number;
}

/** Density against kurtosis, both logarithmic; each point opens its neuron. @param layers how many there are */
export function densityPicture(neurons: readonly SampledNeuron[], layers: number, size: Size): Picture {
  const across = logAxis(neurons.map(({ density }) => 100 * density));
  const upright = logAxis(neurons.map(({ kurtosis }) => kurtosis));
  const words = upright.powers.map((power) => shortValue(10 ** power));
  const area = areaOf(size, words, 10);
  const x = (percent: number): number => area.left + across.shareOf(percent) * (area.right - area.left);
  const y = (kurtosis: number): number => area.bottom - upright.shareOf(kurtosis) * (area.bottom - area.top);
  const strength = (layer: number): number => FAINTEST + ((1 - FAINTEST) * layer) / Math.max(1, layers - 1);
  const points = neurons.map((neuron) => ({ ...neuron, x: x(100 * neuron.density), y: y(neuron.kurtosis) }));
  return {
    ...size,
    reach: [area.top, area.bottom],
    marks: [
      ...axes(
        area,
        {
          ticks: fitting(
            across.powers.map((power) => ({ at: x(10 ** power), text: shortValue(10 ** power) })),
          ),
          title: 'density, % of tokens (log)',
        },
        {
          ticks: upright.powers.map((power, at) => ({ at: y(10 ** power), text: words[at]! })),
          title: 'excess kurtosis (log)',
        },
      ),
      ...points.map((point): Mark => ({
        ...{ kind: 'dot', ink: 'subject', radius: 2.4 },
        ...{ at: [point.x, point.y], opacity: strength(point.layer) },
      })),
    ],
    stops: points.map((point) => ({
      ...{ x: point.x, y: point.y, neuron: point.id },
      words: `${point.id}: density ${formatShare(point.density)}, kurtosis ${formatValue(point.kurtosis)}`,
    })),
  };
}

function logAxis(values: readonly number[]): LogAxis {
  const logs = values.map(Math.log10);
  const low = Math.floor(Math.min(...logs));
  const high = Math.max(low + 1, Math.ceil(Math.max(...logs)));
  return {
    powers: Array.from({ length: high - low + 1 }, (_, at) => low + at),
    shareOf: (value) => (Math.log10(value) - low) / (high - low),
  };
}

/** Ticks whose words do not run into each other. */
function fitting(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    const last = kept.at(-1);
    if (last && tick.at - last.at < (widthOf(tick.text) + widthOf(last.text)) / 2 + 8) continue;
    kept.push(tick);
  }
  return kept;
}
