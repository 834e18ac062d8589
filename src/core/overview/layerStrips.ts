import { ascendingOrder } from '../common/ascendingOrder';
import { medianOf } from '../common/median';
import type { SortKey } from '../stats/statistics';
import { rowsOf, type LayeredRows } from './layeredRows';

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
  const hasValue = (row: number): boolean => dead[row] === 0 && Number.isFinite(values[row]!);
  const rows = table.layers.map(rowsOf);
  const edges = edgesOf(sortedValues(rows.flat().filter(hasValue), values));
  return {
    metric,
    edges,
    layers: table.layers.map((layer, at): LayerStrip => {
      const own = rows[at]!;
      const shades = new Array<number>(STRIP_SHADES).fill(0);
      const alive = own.filter(hasValue);
      for (const row of alive) shades[shadeOf(values[row]!, edges)]! += 1;
      const deadOnes = own.filter((row) => dead[row] === 1).length;
      return {
        layer: layer.layer,
        neurons: layer.neurons,
        dead: deadOnes,
        shades,
        withoutValue: layer.neurons - deadOnes - alive.length,
        median: alive.length === 0 ? null : medianOf(alive.map((row) => values[row]!)),
      };
    }),
  };
}

function sortedValues(rows: readonly number[], values: Float64Array): Float64Array {
  const own = Float64Array.from(rows, (row) => values[row]!);
  return Float64Array.from(ascendingOrder(own), (place) => own[place]!);
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
