import type { NeuronShare } from '../../../src/core/cause/attributionAnswer';
import { correlationOf } from '../../../src/core/cause/vocabularyEffect';
import { formatSite, parseNeuron } from '../../../src/core/common/neuronAddress';
import { formatRatio } from '../../../src/core/common/numberFormat';
import { areaOf, axes } from '../../common/pictures/axes';
import type { Mark, Picture, Point, Size } from '../../common/pictures/picture';
import { roundTicks, shortValue } from '../../common/ticks';
import { signed } from './layersPicture';

/** Points of a layer that a correlation is told of. */
const FEWEST = 5;

/** A neuron whose share was checked. */
interface CheckedShare extends NeuronShare {
  readonly ablated: number;
}

export function checkedShares(neurons: readonly NeuronShare[]): CheckedShare[] {
  return neurons.flatMap((neuron) =>
    neuron.ablated === null ? [] : [{ ...neuron, ablated: neuron.ablated }],
  );
}

/** Direct shares against what an ablation takes away: on the dashed line both are the same. */
export function trustPicture(neurons: readonly CheckedShare[], size: Size): Picture {
  const all = neurons.flatMap(({ direct, ablated }) => [direct, ablated]);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const ticks = roundTicks(low, high, 5);
  const area = areaOf(size, ticks.map(shortValue), 10);
  const span = high - low || 1;
  const x = (value: number): number => area.left + ((value - low) / span) * (area.right - area.left);
  const y = (value: number): number => area.bottom - ((value - low) / span) * (area.bottom - area.top);
  const place = ({ direct, ablated }: CheckedShare): Point => [x(direct), y(ablated)];
  return {
    ...size,
    reach: [area.top, area.bottom],
    marks: [
      ...axes(
        area,
        { ticks: ticks.map((value) => ({ at: x(value), text: shortValue(value) })), title: 'direct' },
        { ticks: ticks.map((value) => ({ at: y(value), text: shortValue(value) })), title: 'ablated' },
      ),
      {
        ...{ kind: 'line', ink: 'dim', dashed: true, width: 1 },
        points: [
          [x(low), y(low)],
          [x(high), y(high)],
        ],
      },
      ...neurons.map((neuron): Mark => ({ kind: 'dot', ink: 'subject', at: place(neuron), radius: 3 })),
    ],
    stops: [...neurons]
      .sort((a, b) => a.direct - b.direct)
      .map((neuron) => ({
        x: x(neuron.direct),
        words: `${neuron.id}: direct ${signed(neuron.direct)}, ablated ${signed(neuron.ablated)}`,
      })),
  };
}

/** How well the two go together, of all and of each layer with enough of them. */
export function correlationWords(neurons: readonly CheckedShare[]): string {
  const of = (some: readonly CheckedShare[]): string => {
    const r = correlationOf(
      some.map(({ direct }) => direct),
      some.map(({ ablated }) => ablated),
    );
    return r === null ? '–' : formatRatio(r);
  };
  const layerOf = ({ id }: CheckedShare): string => {
    const address = parseNeuron(id);
    return address ? formatSite(address) : id;
  };
  const layers = [...new Set(neurons.map(layerOf))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const byLayer = layers.flatMap((layer) => {
    const own = neurons.filter((neuron) => layerOf(neuron) === layer);
    return own.length < FEWEST ? [] : [`${layer}: ${of(own)}`];
  });
  return [`Correlation: ${of(neurons)}`, ...byLayer].join(' · ');
}
