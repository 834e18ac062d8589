import { medianOf } from '../common/median';
import type { SortKey } from '../stats/statistics';
import type { LayeredRows, OverviewLayer } from './layeredRows';

/** Shades of a strip: each stands for as many neurons of the profile as any other. */
export const STRIP_SHADES = 8;

/** What strips are sorted by unless something else is asked for. */
export const DEFAULT_STRIP = 'density' satisfies SortKey;

/** The neurons of a layer, sorted by a metric: how many are dead, and how many have each shade. */
export interface LayerStrip {
  readonly layer: string;
  readonly neurons: number;
  readonly dead: number;
  /** [8] alive neurons by the eighth of the profile's that their value lies in, the lowest first. */
  readonly shades: readonly number[];
  /** Alive ones for which the metric is not defined. */
  readonly withoutValue: number;
  /** Of those that are alive and have a value; null without any. */
  readonly median: number | null;
}

/** A metric at a glance: the eighths of all neurons, and how each layer shares in them. */
export interface LayerStrips {
  readonly metric: SortKey;
  /** [9] where the eighths begin and end; empty where no neuron has a value. */
  readonly edges: readonly number[];
  readonly layers: readonly LayerStrip[];
}

/**
 * Shades every layer's neurons by a metric against all neurons of the profile, so that layers can be compared.
 * @param values of all rows of the metrics; NaN where it is not defined
 */
export function layerStripsOf(
  table: LayeredRows,
  metric: SortKey,
  values: Float64Array,
  dead: Uint8Array,
): LayerStrips {
  const own = table.layers.map((layer) => aliveOf(layer, values, dead));
  const all = new Float64Array(own.reduce((sum, { sorted }) => sum + sorted.length, 0));
  own.reduce((at, { sorted }) => (all.set(sorted, at), at + sorted.length), 0);
  const edges = edgesOf(all.sort());
  return {
    metric,
    edges,
    layers: table.layers.map(({ layer, neurons }, at): LayerStrip => {
      const { sorted, deadOnes } = own[at]!;
      const shades = new Array<number>(STRIP_SHADES).fill(0);
      for (const value of sorted) shades[shadeOf(value, edges)]! += 1;
      return {
        ...{ layer, neurons, dead: deadOnes, shades },
        withoutValue: neurons - deadOnes - sorted.length,
        median: sorted.length === 0 ? null : medianOf(sorted),
      };
    }),
  };
}

/** The values of a layer's alive neurons that have one, the lowest first, and how many are dead. */
function aliveOf(
  { rows, neurons }: OverviewLayer,
  values: Float64Array,
  dead: Uint8Array,
): { readonly sorted: Float64Array; readonly deadOnes: number } {
  const found = new Float64Array(neurons);
  let [alive, deadOnes] = [0, 0];
  for (const [first, end] of rows) {
    for (let row = first; row < end; row++) {
      if (dead[row] === 1) deadOnes += 1;
      else if (Number.isFinite(values[row]!)) found[alive++] = values[row]!;
    }
  }
  return { sorted: found.subarray(0, alive).sort(), deadOnes };
}

/** The lowest value of each eighth, then the highest of all. */
function edgesOf(sorted: Float64Array): number[] {
  if (sorted.length === 0) return [];
  const starts = Array.from({ length: STRIP_SHADES }, (_, eighth) => {
    return sorted[Math.floor((eighth * sorted.length) / STRIP_SHADES)]!;
  });
  return [...starts, sorted.at(-1)!];
}

/** The last eighth that begins at or below a value: equal values have one shade. */
function shadeOf(value: number, edges: readonly number[]): number {
  let shade = STRIP_SHADES - 1;
  while (shade > 0 && edges[shade]! > value) shade -= 1;
  return shade;
}
