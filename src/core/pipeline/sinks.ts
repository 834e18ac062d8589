import type { SiteActivations } from '../onnx/activationModel';

/** A token whose norm is over `ratio` × its table's median is a sink and does not count. */
export interface SinkRule {
  readonly ratio: number;
  /** By table. */
  readonly medians: readonly number[];
}

/**
 * The norms over a table's neurons by which attention sinks are told (docs/methods.md, The population).
 * @returns [rows] Euclidean norm of each row; infinite where a value is not finite.
 */
export function rowNorms({ site, values, positions }: SiteActivations, rows: number): Float64Array {
  const count = positions?.length ?? rows;
  const norms = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    let sum = 0;
    const start = row * site.dFf;
    for (let index = start; index < start + site.dFf; index++) sum += values[index]! * values[index]!;
    norms[row] = Number.isFinite(sum) ? Math.sqrt(sum) : Infinity;
  }
  return norms;
}

/** [rows] 1 where the token of a row is a sink in a table. */
export function sinkRows(
  output: SiteActivations,
  rows: number,
  { ratio, medians }: SinkRule,
  table: number,
): Uint8Array {
  const limit = ratio * medians[table]!;
  return Uint8Array.from(rowNorms(output, rows), (norm) => Number(norm > limit));
}
