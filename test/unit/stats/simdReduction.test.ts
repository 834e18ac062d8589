import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { BlockReduction, EnteredStretch } from '../../../src/core/stats/blockReduction';
import { ReductionPool } from '../../../src/runtime/reduction/reductionPool';
import { kernelText, summaryText } from '../../../tools/build/reductionKernel.mjs';
import { accumulate, FINITE_KINDS, KINDS, makeCorpus, uniform } from './corpus';
import { PlainReduction } from './plainReduction';
import { differences, expectSameSummary } from './sameSummary';

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

/** A document of its own that is one window, rows of the tensor in the order given. */
function windowOf(
  values: Float32Array,
  rowOf: Int32Array,
  hashes: Uint32Array,
  document: number,
): EnteredStretch {
  const windows = [rowOf.length];
  return { document, firstToken: 0, windows, endsDocument: true, values, rowOf, hashes, before: null };
}

function reduce(reduction: BlockReduction, ...stretches: EnteredStretch[]) {
  reduction.start(stretches);
  reduction.finish();
}

function expectSameReduction(simd: BlockReduction, plain: BlockReduction) {
  expect(differences(keptBy(simd), keptBy(plain))).toEqual([]);
  for (const name of ['absoluteSum', 'mean', 'm2', 'm3', 'm4'] as const) {
    simd.distributions[name].forEach((value, neuron) => {
      const expected = plain.distributions[name][neuron]!;
      const scale = Math.abs(expected) + momentScale(plain, name, neuron);
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * scale);
    });
  }
}

function keptBy({ distributions, selections: { top, bottom, samples } }: BlockReduction) {
  return { ...distributions, top: top.sorted(), bottom: bottom.sorted(), samples: samples.sorted() };
}

/** The size that rounding errors of a moment have: odd moments may cancel to nothing. */
function momentScale({ distributions: state }: BlockReduction, name: string, neuron: number): number {
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
    const pool = new ReductionPool();
    pool.reserve([neurons], 70, 1);
    const simd = pool.createReduction(neurons);
    const plain = new PlainReduction(neurons);
    const random = uniform(neurons);
    for (let length = 64; length > 0; length--) {
      const values = pool.take(0, 70 * neurons);
      values.set(tensor(70, neurons, length, kinds));
      const rows = Int32Array.from({ length }, () => Math.floor(random() * 70));
      const hashes = Uint32Array.from({ length }, () => random() * 2 ** 32);
      reduce(simd, windowOf(values, rows, hashes, 64 - length));
      reduce(plain, windowOf(Float32Array.from(values), rows, hashes, 64 - length));
      expectSameReduction(simd, plain);
    }
  });

  it('where samples have limits and extremes thresholds', () => {
    const neurons = 32;
    const pool = new ReductionPool();
    pool.reserve([neurons], 1000, 1);
    const simd = pool.createReduction(neurons);
    const plain = new PlainReduction(neurons);
    const random = uniform(5);
    const rows = Int32Array.from({ length: 1000 }, (_, i) => (random() < 0.1 ? -1 : i));
    for (let document = 0; document < 8; document++) {
      const values = pool.take(0, 1000 * neurons);
      values.set(tensor(1000, neurons, document));
      const hashes = Uint32Array.from({ length: 1000 }, () => random() * 2 ** 32);
      reduce(simd, windowOf(values, rows, hashes, document));
      reduce(plain, windowOf(values, rows, hashes, document));
    }
    expectSameReduction(simd, plain);
  });

  it.each([
    { name: 'values in its own memory', threads: 1, inPlace: true },
    { name: 'values in other memory', threads: 1, inPlace: false },
    { name: 'on another thread', threads: 2, inPlace: false },
  ])('down to whole summaries, $name', ({ threads, inPlace }) => {
    for (const kinds of [KINDS, FINITE_KINDS]) {
      const corpus = makeCorpus(12, 40, 400, kinds);
      const pool = new ReductionPool();
      pool.reserve([kinds.length, kinds.length], 10_000, threads);
      const simd = accumulate(corpus, 3, {
        reduction: pool.createReduction(kinds.length),
        ...(inPlace && { tensor: (length) => pool.take(0, length) }),
      });
      pool.end();
      const reduction = new PlainReduction(kinds.length);
      expectSameSummary(simd, accumulate(corpus, 3, { reduction }));
    }
  });

  it('where many documents go on and none of their tokens counts', () => {
    const simd = new ReductionPool().createReduction(16);
    const plain = new PlainReduction(16);
    const values = tensor(2, 16, 9);
    const hashes = Uint32Array.of(1, 2);
    const before = tensor(8, 16, 10);
    const stretches = Array.from({ length: 40 }, (_, document) => ({
      ...windowOf(values, document === 39 ? Int32Array.of(0, 1) : Int32Array.of(-1, -1), hashes, document),
      firstToken: 20,
      before,
    }));
    for (const reduction of [simd, plain]) reduce(reduction, ...stretches);
    expectSameReduction(simd, plain);
  });

  it('where values are so small that they count into the bins next to 0', () => {
    const simd = new ReductionPool().createReduction(16);
    const plain = new PlainReduction(16);
    const values = new Float32Array(32).fill(-1e-45);
    values.fill(3e38, 16);
    for (const reduction of [simd, plain]) {
      reduce(reduction, windowOf(values, Int32Array.of(0, 1), Uint32Array.of(1, 2), 0));
      expect(reduction.distributions.bins[335]).toBe(1);
    }
    expectSameReduction(simd, plain);
  });
});

it('a state that was given back starts anew', () => {
  const pool = new ReductionPool();
  pool.reserve([16], 4, 1);
  const rows = Int32Array.of(0, 1);
  const first = pool.createReduction(16);
  reduce(first, windowOf(tensor(2, 16, 1), rows, Uint32Array.of(1, 2), 0));
  first.release();
  const second = pool.createReduction(16);
  expect(second.distributions.bins.buffer).toBe(pool.take(0, 16).buffer);
  const plain = new PlainReduction(16);
  for (const reduction of [second, plain]) {
    reduce(reduction, windowOf(tensor(2, 16, 2), rows, Uint32Array.of(3, 4), 0));
  }
  expectSameReduction(second, plain);
});

it('finds memory of its own when the run has none left', () => {
  const pool = new ReductionPool();
  pool.reserve([16], 4, 1);
  const held = [16, 16, 32].map((neurons) => pool.createReduction(neurons));
  held.forEach((reduction) => {
    const { bins, neurons } = reduction.distributions;
    reduce(reduction, windowOf(tensor(1, neurons, 1), Int32Array.of(0), Uint32Array.of(1), 0));
    expect(bins.reduce((sum, count) => sum + count)).toBeGreaterThan(0.8 * neurons);
  });
  expect(pool.take(0, 1000)).toHaveLength(1000);
});

it('has its layout from the table of statistics', async () => {
  const path = new URL('../../../src/runtime/reduction/assembly/summary.ts', import.meta.url);
  expect(await readFile(path, 'utf8')).toBe(await summaryText());
});

it('is what the compiler makes of its source', async () => {
  const path = new URL('../../../src/runtime/reduction/reductionKernel.ts', import.meta.url);
  expect(await readFile(path, 'utf8')).toBe(await kernelText());
});
