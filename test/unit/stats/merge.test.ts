import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSiteSummaries } from '../../../src/core/stats/mergeSummaries';
import { neuronOf } from './neuronOf';
import type { NeuronSummary, SiteSummary } from '../../../src/core/stats/siteSummary';
import { expectSameSummary } from './sameSummary';
import { accumulate, KINDS, makeCorpus, type MadeDocument } from './corpus';

interface Part {
  readonly summary: SiteSummary;
  readonly numbers: readonly number[];
}

function summarizePart(documents: readonly MadeDocument[], numbers: readonly number[]): Part {
  const own = numbers.map((number) => documents[number]!);
  return { summary: accumulate(own, numbers.length), numbers };
}

/** Merges parts and keeps track of which documents of the corpus the result numbers. */
function merge(...parts: readonly Part[]): Part {
  const numbers = parts.flatMap((part) => part.numbers).sort((a, b) => a - b);
  const place = new Map(numbers.map((number, i) => [number, i]));
  const maps = parts.map((part) => Uint32Array.from(part.numbers, (number) => place.get(number)!));
  return {
    summary: mergeSiteSummaries(
      parts.map(({ summary }) => summary),
      maps,
    ),
    numbers,
  };
}

const split = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    documents: fc.integer({ min: 1, max: 12 }),
    longest: fc.integer({ min: 1, max: 200 }),
    shards: fc.array(fc.nat({ max: 2 }), { minLength: 12, maxLength: 12 }),
  })
  .map(({ seed, documents, longest, shards }) => {
    const corpus = makeCorpus(seed, documents, longest);
    const parts = [0, 1, 2].map((shard) =>
      summarizePart(
        corpus,
        [...corpus.keys()].filter((number) => shards[number] === shard),
      ),
    );
    return { corpus, parts: parts as [Part, Part, Part] };
  });

const RUNS = { numRuns: 20 };

describe('merging', () => {
  it('is associative and gives the one-run result', () => {
    fc.assert(
      fc.property(split, ({ corpus, parts: [a, b, c] }) => {
        const whole = accumulate(corpus, 1);
        expectSameSummary(merge(merge(a, b), c).summary, whole);
        expectSameSummary(merge(a, merge(b, c)).summary, whole);
        expectSameSummary(merge(a, b, c).summary, whole);
      }),
      RUNS,
    );
  });

  it('is commutative', () => {
    fc.assert(
      fc.property(split, ({ parts: [a, b, c] }) => {
        expectSameSummary(merge(c, a, b).summary, merge(b, c, a).summary);
      }),
      RUNS,
    );
  });

  it('of one neuron gives that neuron of the merged site', () => {
    fc.assert(
      fc.property(split, fc.nat({ max: KINDS.length - 1 }), ({ parts }, neuron) => {
        const single = (part: Part): Part => ({ ...part, summary: neuronOf(part.summary, neuron) });
        const merged: NeuronSummary = neuronOf(merge(...parts).summary, neuron);
        expect(merge(...parts.map(single)).summary).toEqual(merged);
      }),
      RUNS,
    );
  });

  it('leaves its parts as they were', () => {
    const corpus = makeCorpus(5, 4, 100);
    const part = summarizePart(corpus, [0, 1, 2, 3]);
    const { binning, ...columns } = part.summary;
    const before = { binning, ...structuredClone(columns) };
    merge(part, summarizePart(corpus, []));
    expect(part.summary).toEqual(before);
  });
});

it('the order of batches and the split into batches change nothing', () => {
  fc.assert(
    fc.property(split, fc.integer(), ({ corpus }, order) => {
      expectSameSummary(accumulate(corpus, order), accumulate(corpus, 1));
    }),
    RUNS,
  );
});

it('a summary taken on the way changes nothing that comes later', () => {
  const corpus = makeCorpus(6, 10, 200);
  const once = accumulate(corpus, 1);
  const often = accumulate(corpus, 1, { summariesOnTheWay: true });
  expect(often).toEqual(once);
});
