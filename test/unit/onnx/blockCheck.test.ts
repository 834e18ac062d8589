import { describe, expect, it } from 'vitest';
import { activationGap, projectionGap } from '../../../src/core/onnx/blockCheck';

const TOKENS = 5;
const INSIDE = 3;
const NEURONS = 4;
const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, at) => Math.sin(seed + 7 * at));
const input = numbers(TOKENS * INSIDE, 1);
const bias = numbers(NEURONS, 2);

/** input · matrix + bias, with the matrix as [in, out]. */
function project(matrix: Float32Array): Float32Array {
  return Float32Array.from({ length: TOKENS * NEURONS }, (_, at) => {
    const [token, neuron] = [Math.floor(at / NEURONS), at % NEURONS];
    let sum = bias[neuron]!;
    for (let k = 0; k < INSIDE; k++) sum += input[token * INSIDE + k]! * matrix[k * NEURONS + neuron]!;
    return sum;
  });
}

describe('projectionGap', () => {
  const values = numbers(INSIDE * NEURONS, 3);
  const matrix = { values, outFirst: false, inFeatures: INSIDE, outFeatures: NEURONS };

  it('is rounding for a right projection, whatever its bias, in either layout', () => {
    const exposed = project(values);
    const turned = Float32Array.from(
      values,
      (_, at) => values[(at % INSIDE) * NEURONS + Math.floor(at / INSIDE)]!,
    );
    expect(projectionGap(input, matrix, { first: 0, step: 1 }, exposed, NEURONS)).toBeLessThan(1e-6);
    const outFirst = { ...matrix, values: turned, outFirst: true };
    expect(projectionGap(input, outFirst, { first: 0, step: 1 }, exposed, NEURONS)).toBeLessThan(1e-6);
  });

  it('shows neurons that changed places', () => {
    const exposed = project(values).map((_, at, all) => all[at - (at % NEURONS) + ((at + 1) % NEURONS)]!);
    expect(projectionGap(input, matrix, { first: 0, step: 1 }, exposed, NEURONS)).toBeGreaterThan(0.1);
  });

  it('takes every second column of an interleaved matrix', () => {
    const wide = numbers(INSIDE * 2 * NEURONS, 4);
    const odd = Float32Array.from({ length: INSIDE * NEURONS }, (_, at) => wide[2 * at + 1]!);
    const packed = { values: wide, outFirst: false, inFeatures: INSIDE, outFeatures: 2 * NEURONS };
    expect(projectionGap(input, packed, { first: 1, step: 2 }, project(odd), NEURONS)).toBeLessThan(1e-6);
    expect(projectionGap(input, packed, { first: 0, step: 2 }, project(odd), NEURONS)).toBeGreaterThan(0.1);
  });
});

describe('activationGap', () => {
  it('tells the named function from another, and gated from plain', () => {
    const gate = numbers(20, 5);
    const up = numbers(20, 6);
    const act = gate.map((value, at) => (value / (1 + Math.exp(-value))) * up[at]!);
    expect(activationGap('silu', act, gate, up)).toBeLessThan(1e-6);
    expect(activationGap('relu', act, gate, up)).toBeGreaterThan(0.05);
    expect(activationGap('silu', act, gate, null)).toBeGreaterThan(0.05);
    expect(activationGap('other', act, gate, up)).toBeNull();
  });
});
