import { createSiteAccumulator, type SiteAccumulator } from '../../../src/core/stats/siteAccumulator';
import type { BlockReduction } from '../../../src/core/stats/blockReduction';
import type { SiteSummary } from '../../../src/core/stats/siteSummary';
import { ReductionGround } from '../../../src/runtime/reduction/reductionGround';
import { tokenHash } from '../../../src/core/stats/tokenHash';

/** A made-up document: what a model would have given for each of its tokens. */
export interface MadeDocument {
  readonly key: string;
  /** [tokens × neurons] */
  readonly values: Float32Array;
  /** 1 where the token is in the population. */
  readonly population: Uint8Array;
  /** Owned tokens of each of its windows, in order; they add up to the number of tokens. */
  readonly windows: readonly number[];
}

export const SEED = 7;

/** An accumulator as the product has it. */
export function newAccumulator(neurons: number): SiteAccumulator {
  return createSiteAccumulator(new ReductionGround().createReduction(neurons));
}

/** A small deterministic generator (mulberry32), uniform in [0, 1). */
export function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** One kind of neuron each: what real ones look like, and what breaks careless statistics. */
export const KINDS: readonly ((random: () => number) => number)[] = [
  gaussian,
  (random) => gaussian(random) / Math.max(0.01, random() ** 2),
  () => 0.25,
  () => 0,
  (random) => Math.max(0, gaussian(random) - 1),
  (random) => {
    const pre = 2 * gaussian(random) - 1.5;
    return pre / (1 + Math.exp(-1.702 * pre));
  },
  (random) => (random() < 0.1 ? [NaN, Infinity, -Infinity][Math.floor(random() * 3)]! : gaussian(random)),
  (random) => -2 - random(),
  (random) => (random() < 0.5 ? -0 : Math.round(gaussian(random))),
  (random) => (random() < 0.01 ? 3e38 : 1e-40) * (random() < 0.5 ? -1 : 1),
  (random) => 1000 + 1e-3 * gaussian(random),
  (random) => (random() < 0.02 ? 3276 : 0.1 * gaussian(random)),
  (random) => 1e-7 * gaussian(random),
];

/** Sixteen neurons all of whose values are finite: the SIMD reduction takes them four at a time. */
export const FINITE_KINDS = Array.from({ length: 16 }, (_, i) => {
  const finite = KINDS.filter((_kind, number) => number !== 6);
  return finite[i % finite.length]!;
});

/** Documents of up to `longest` tokens with every kind of neuron, cut into windows at random. */
export function makeCorpus(seed: number, documents: number, longest: number, kinds = KINDS): MadeDocument[] {
  const random = uniform(seed);
  const neurons = kinds.length;
  return Array.from({ length: documents }, (_, number) => {
    const tokens = 1 + Math.floor(random() * longest);
    const values = Float32Array.from({ length: tokens * neurons }, (_, i) => kinds[i % neurons]!(random));
    const population = Uint8Array.from({ length: tokens }, () => (random() < 0.9 ? 1 : 0));
    return {
      key: `text/${String(number).padStart(4, '0')}.md`,
      values,
      population,
      windows: cut(tokens, random),
    };
  });
}

function cut(tokens: number, random: () => number): number[] {
  const windows: number[] = [];
  for (let left = tokens; left > 0; left -= windows.at(-1)!) {
    windows.push(Math.min(left, 1 + Math.floor(random() * (random() < 0.3 ? 8 : 200))));
  }
  return windows;
}

/**
 * Runs documents through an accumulator as a pipeline would: batches of several windows in shuffled rows with padding
 * between, documents interleaved.
 */
export function accumulate(
  documents: readonly MadeDocument[],
  batchSeed: number,
  options: { reduction?: BlockReduction; summariesOnTheWay?: boolean } = {},
): SiteSummary {
  const random = uniform(batchSeed);
  const neurons = neuronsOf(documents);
  const { reduction, summariesOnTheWay } = options;
  const accumulator = reduction ? createSiteAccumulator(reduction) : newAccumulator(neurons);
  const cursors = documents.map(({ key }, document) => ({
    document,
    window: 0,
    firstToken: 0,
    hash: tokenHash(SEED, key),
  }));
  let open = cursors;
  while (open.length > 0) {
    const cursor = open[Math.floor(random() * open.length)]!;
    const { values, population, windows } = documents[cursor.document]!;
    const { firstToken } = cursor;
    const tokenCount = windows[cursor.window]!;
    const offset = Math.floor(random() * 5);
    const backwards = random() < 0.3;
    const rowOf = new Int32Array(tokenCount).fill(-1);
    const tensor = new Float32Array((offset + tokenCount) * neurons).fill(12345);
    for (let i = 0; i < tokenCount; i++) {
      if (!population[firstToken + i]) continue;
      rowOf[i] = offset + (backwards ? tokenCount - 1 - i : i);
      const start = (firstToken + i) * neurons;
      tensor.set(values.subarray(start, start + neurons), rowOf[i]! * neurons);
    }
    accumulator.add({
      document: cursor.document,
      firstToken,
      tokenCount,
      endsDocument: cursor.window === windows.length - 1,
      values: tensor,
      rowOf,
      hashes: Uint32Array.from({ length: tokenCount }, (_, i) => cursor.hash(firstToken + i)),
    });
    if (summariesOnTheWay) accumulator.summary();
    tensor.fill(-54321);
    cursor.firstToken += tokenCount;
    cursor.window++;
    open = cursors.filter(({ document, window }) => window < documents[document]!.windows.length);
  }
  return accumulator.summary();
}

/** How many neurons the made-up model has; as many as there are kinds where there is no document to tell. */
export function neuronsOf(documents: readonly MadeDocument[]): number {
  const [first] = documents;
  return first ? first.values.length / first.population.length : KINDS.length;
}
