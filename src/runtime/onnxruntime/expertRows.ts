import type { Tensor } from 'onnxruntime-node';
import type { Routing } from '../../core/onnx/ffn/routing';

/** The rows of one expert in a tensor that holds several, or only the tokens sent to it. */
export interface ExpertRows {
  readonly values: Float32Array;
  /** Flat token position of each row. */
  readonly positions: Uint32Array;
}

/**
 * Picks the rows that an expert computed for the tokens that the router sent to it.
 * @param values [rows × width] of one expert or of all of them
 * @param router what ties rows to tokens (core/onnx/ffn/routing.ts); null where every expert sees every token
 * @param tokens B·T
 */
export function rowsOfExpert(
  routing: Routing,
  expert: number,
  values: Float32Array,
  width: number,
  router: readonly number[] | null,
  tokens: number,
): ExpertRows {
  const rows: number[] = [];
  const positions: number[] = [];
  const count = values.length / width;
  if (routing.kind === 'gathered') {
    const numbers = router ?? [];
    return { values, positions: Uint32Array.from({ length: count }, (_, row) => numbers[row] ?? 0) };
  }
  if (routing.kind === 'picked') {
    const each = Math.max(1, Math.round(count / tokens));
    for (let row = 0; row < count; row++) {
      if (router?.[row] !== expert) continue;
      rows.push(row);
      positions.push(Math.floor(row / each));
    }
  } else {
    for (let token = 0; token < tokens; token++) {
      if (router && router[expert * tokens + token] === 0) continue;
      rows.push(expert * tokens + token);
      positions.push(token);
    }
  }
  const picked = new Float32Array(rows.length * width);
  rows.forEach((row, at) => picked.set(values.subarray(row * width, (row + 1) * width), at * width));
  return { values: picked, positions: Uint32Array.from(positions) };
}

/** The elements of any tensor as plain numbers. */
export function tensorValues(tensor: Tensor): number[] {
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number);
}
