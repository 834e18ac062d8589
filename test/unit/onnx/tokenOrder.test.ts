import { describe, expect, it } from 'vitest';
import type { FfnSite } from '../../../src/core/onnx/site';
import {
  inSequences,
  requireRowForEachToken,
  tensorLayout,
} from '../../../src/runtime/onnxruntime/tensorLayout';

const SITE: FfnSite = {
  part: 'model',
  layer: 1,
  block: null,
  expert: null,
  dModel: 2,
  dFf: 2,
  gated: false,
  packed: false,
  activation: 'relu',
  sharedWith: null,
  quantities: ['act'],
};
const batch = (rows: number, width: number) => ({
  rows,
  width,
  ids: new Uint32Array(rows * width),
  lengths: new Uint32Array(rows).fill(width),
});

describe('the order of tokens in a tensor', () => {
  it.each([
    [[2, 3, 5], batch(2, 3), 'sequences'],
    [[3, 2, 5], batch(2, 3), 'positions'],
    [[6, 5], batch(2, 3), 'sequences'],
    [[3, 1, 5], batch(1, 3), 'sequences'],
    [[3, 3, 5], batch(3, 3), null],
  ] as const)('%j', (dims, { rows, width, ids, lengths }, order) => {
    expect(tensorLayout(dims, { rows, width, ids, lengths })).toBe(order);
  });

  it('position by position is turned into one sequence after the other', () => {
    const byPosition = Float32Array.of(0, 1, 100, 101, 2, 3, 102, 103, 4, 5, 104, 105);
    const bySequence = [0, 1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 105];
    expect([...inSequences(byPosition, 'positions', SITE.dFf, batch(2, 3))]).toEqual(bySequence);
  });

  it('a tensor of part of the tokens is refused', () => {
    expect(() => requireRowForEachToken(new Float32Array(8), SITE, batch(2, 3))).toThrow(
      /Layer L1 computes 4 rows for 2 × 3 tokens/,
    );
  });
});
