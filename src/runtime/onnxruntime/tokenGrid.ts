import type { NumericArray } from './namedInputs';
import type { BatchActivations } from './onnxActivationModel';

/** Values laid out by row of the batch, token and neuron. */
export interface TokenGrid {
  readonly values: Float32Array;
  /** B, T, dFf */
  readonly shape: readonly [number, number, number];
}

/**
 * Lays the values of a site out as [B, T, dFf]: padding is zero, and NaN stands at the tokens that an expert did not get.
 * @param tokens B·T of the batch that was run
 * @param mask [B, T], 1 where a position is no padding; null where none is
 */
export function tokenGrid(
  { values, positions, site, rows }: BatchActivations,
  tokens: number,
  mask: NumericArray | null,
): TokenGrid {
  const { dFf } = site;
  const places = positions ? tokens : values.length / dFf;
  const grid = positions ? new Float32Array(places * dFf).fill(NaN) : values.slice();
  positions?.forEach((position, row) =>
    grid.set(values.subarray(row * dFf, (row + 1) * dFf), position * dFf),
  );
  if (mask?.values.length === places) {
    mask.values.forEach((bit, at) => {
      if (bit === 0) grid.fill(0, at * dFf, (at + 1) * dFf);
    });
  }
  return { values: grid, shape: [rows, places / rows, dFf] };
}

/** The grids of single texts as one, in which shorter ones are filled up with zeros. */
export function stackGrids(grids: readonly TokenGrid[]): TokenGrid {
  const [, , dFf = 0] = grids[0]?.shape ?? [];
  const rows = grids.reduce((sum, { shape }) => sum + shape[0], 0);
  const width = Math.max(...grids.map(({ shape }) => shape[1]));
  const values = new Float32Array(rows * width * dFf);
  let row = 0;
  for (const { values: own, shape } of grids) {
    const size = shape[1] * dFf;
    for (let at = 0; at < shape[0]; at++, row++) {
      values.set(own.subarray(at * size, (at + 1) * size), row * width * dFf);
    }
  }
  return { values, shape: [rows, width, dFf] };
}
