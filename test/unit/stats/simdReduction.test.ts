import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { BlockReduction } from '../../../src/core/stats/blockReduction';
import { ReductionGround } from '../../../src/runtime/reduction/reductionGround';
import { kernelText } from '../../../tools/build/reductionKernel.mjs';
import { accumulate, FINITE_KINDS, KINDS, makeCorpus, uniform } from './corpus';
import { PlainReduction } from './plainReduction';
import { expectSameSummary } from './sameSummary';

/** Rows of neurons, kinds in turn. */
function tensor(
  rows: number,
  neurons: number,
  seed: number,
  kinds: typeof KINDS = FINITE_KINDS,
): Float32Array {
  const random = uniform(seed);
  return Float32Array.from({ length: rows * neurons }, (_, i) =>
    kinds[(i % neurons) % kinds.length]!(random),
  );
}

function listed({ entries, count }: { entries: Uint32Array; count: number }): number[] {
  return [...entries.subarray(0, count)].sort((a, b) => a - b);
}

function expectSameReduction(simd: BlockReduction, plain: BlockReduction) {
  expect(listed(simd.top)).toEqual(listed(plain.top));
  expect(listed(simd.bottom)).toEqual(listed(plain.bottom));
  expect(listed(simd.sample)).toEqual(listed(plain.sample));
  for (const name of [
    'count',
    'nonFinite',
    'positive',
    'min',
    'max',
    'exponent',
    'bins',
    'sampleLimit',
  ] as const) {
    expect({ name, values: [...simd.state[name]] }).toEqual({ name, values: [...plain.state[name]] });
  }
  for (const name of ['absoluteSum', 'mean', 'm2', 'm3', 'm4'] as const) {
    simd.state[name].forEach((value, neuron) => {
      const scale = Math.abs(plain.state[name][neuron]!) + momentScale(plain, name, neuron);
      expect(Math.abs(value - plain.state[name][neuron]!)).toBeLessThanOrEqual(1e-12 * scale);
    });
  }
}

/** The size that rounding errors of a moment have: odd moments may cancel to nothing. */
function momentScale({ state }: BlockReduction, name: string, neuron: number): number {
  const count = state.count[neuron]!;
  const std = Math.sqrt(state.m2[neuron]! / Math.max(1, count));
  const size = std + 1e-3 * Math.abs(state.mean[neuron]!);
  return { mean: size, m2: count * size ** 2, m3: count * size ** 3, m4: count * size ** 4 }[name] ?? 0;
}

describe('the SIMD reduction does what the plain one does', () => {
  const widths = [1, 3, 4, 15, 16, 17, 31, 32, 48, 61];
  const cases = widths.flatMap((neurons) => [
    { neurons, kinds: FINITE_KINDS, name: 'all finite' },
    { neurons, kinds: KINDS, name: 'some not finite' },
  ]);
  it.each(cases)('$neurons neurons, $name, blocks of every length', ({ neurons, kinds }) => {
    const ground = new ReductionGround();
    ground.reserve([neurons], 70);
    const simd = ground.createReduction(neurons);
    const plain = new PlainReduction(neurons);
    const random = uniform(neurons);
    for (let length = 64; length > 0; length--) {
      const values = ground.take(0, 70 * neurons);
      values.set(tensor(70, neurons, length, kinds));
      const rows = Int32Array.from({ length: 64 }, () => Math.floor(random() * 70));
      const hashes = Uint32Array.from({ length: 64 }, () => random() * 2 ** 32);
      simd.reduce(values, rows, hashes, length);
      plain.reduce(Float32Array.from(values), rows, hashes, length);
      expectSameReduction(simd, plain);
    }
  });

  it('where samples have limits and extremes thresholds', () => {
    const neurons = 32;
    const ground = new ReductionGround();
    ground.reserve([neurons], 64);
    const simd = ground.createReduction(neurons);
    const plain = new PlainReduction(neurons);
    const random = uniform(5);
    const rows = Int32Array.from({ length: 64 }, (_, i) => i);
    for (let block = 0; block < 20; block++) {
      const values = tensor(64, neurons, block);
      const hashes = Uint32Array.from({ length: 64 }, () => random() * 2 ** 32);
      for (const { state } of [simd, plain]) {
        const threshold = uniform(block);
        state.sampleLimit.forEach((_, i) => (state.sampleLimit[i] = threshold() * 2 ** 31));
        state.topThreshold.forEach((_, i) => (state.topThreshold[i] = 3 * threshold()));
        state.bottomThreshold.forEach((_, i) => (state.bottomThreshold[i] = -3 * threshold()));
      }
      simd.reduce(values, rows, hashes, 64);
      plain.reduce(values, rows, hashes, 64);
      expectSameReduction(simd, plain);
    }
  });

  it('down to whole summaries', () => {
    for (const kinds of [KINDS, FINITE_KINDS]) {
      const corpus = makeCorpus(12, 40, 400, kinds);
      const reduction = new PlainReduction(kinds.length);
      expectSameSummary(accumulate(corpus, 3), accumulate(corpus, 3, { reduction }));
    }
  });

  it('where values are so small against the bins that they vanish in single precision', () => {
    const simd = new ReductionGround().createReduction(16);
    const plain = new PlainReduction(16);
    const values = new Float32Array(32).fill(-1e-45);
    values.fill(3e38, 16);
    for (const reduction of [simd, plain]) {
      reduction.reduce(values, Int32Array.of(0, 1), Uint32Array.of(1, 2), 2);
      expect(reduction.state.bins[127]).toBe(1);
    }
    expectSameReduction(simd, plain);
  });
});

it('a state that was given back starts anew', () => {
  const ground = new ReductionGround();
  ground.reserve([16], 4);
  const rows = Int32Array.of(0, 1);
  const first = ground.createReduction(16);
  first.reduce(tensor(2, 16, 1), rows, Uint32Array.of(1, 2), 2);
  first.release();
  const second = ground.createReduction(16);
  expect(second.state.bins.buffer).toBe(ground.take(0, 16).buffer);
  const plain = new PlainReduction(16);
  for (const reduction of [second, plain]) reduction.reduce(tensor(2, 16, 2), rows, Uint32Array.of(3, 4), 2);
  expectSameReduction(second, plain);
});

it('finds memory of its own when the run has none left', () => {
  const ground = new ReductionGround();
  ground.reserve([16], 4);
  const held = [16, 16, 32].map((neurons) => ground.createReduction(neurons));
  held.forEach((reduction) => {
    const { neurons } = reduction.state;
    reduction.reduce(tensor(1, neurons, 1), Int32Array.of(0), Uint32Array.of(1), 1);
    expect(reduction.state.bins.reduce((sum, count) => sum + count)).toBeGreaterThan(0.8 * neurons);
  });
  expect(ground.take(0, 1000)).toHaveLength(1000);
});

it('is what the compiler makes of its source', async () => {
  const path = new URL('../../../src/runtime/reduction/reductionKernel.ts', import.meta.url);
  expect(await readFile(path, 'utf8')).toBe(await kernelText());
});
