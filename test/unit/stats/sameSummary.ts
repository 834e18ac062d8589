import { expect } from 'vitest';
import type { SiteSummary } from '../../../src/core/stats/siteSummary';

type Columns = Record<string, unknown>;

/** Names of the columns that differ in a bit, moments left out. */
export function differences(actual: Columns, expected: Columns, path = ''): string[] {
  return Object.keys(expected).flatMap((name) => {
    const [a, b] = [actual[name], expected[name]];
    if (ROUNDED.has(name)) return [];
    if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return bytes(a).equals(bytes(b)) ? [] : [path + name];
    if (typeof b === 'object') return differences(a as Columns, b as Columns, `${path}${name}.`);
    return a === b ? [] : [path + name];
  });
}

const ROUNDED = new Set(['mean', 'm2', 'm3', 'm4', 'absoluteSum']);

function bytes(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

/** Equal to the last bit but for the moments, which may differ by rounding. */
export function expectSameSummary(actual: SiteSummary, expected: SiteSummary) {
  expect(differences({ ...actual }, { ...expected })).toEqual([]);
  for (let neuron = 0; neuron < actual.neurons; neuron++) {
    const count = Math.max(1, expected.count[neuron]!);
    const std = Math.sqrt(expected.m2[neuron]! / count);
    const size = Math.abs(expected.mean[neuron]!) + std;
    expect(Math.abs(actual.mean[neuron]! - expected.mean[neuron]!)).toBeLessThanOrEqual(1e-13 * size);
    expect(Math.abs(actual.m2[neuron]! - expected.m2[neuron]!)).toBeLessThanOrEqual(
      1e-13 * count * size * std,
    );
  }
}
