import { createSiteAccumulator, type SiteAccumulator } from '../../../src/core/stats/siteAccumulator';
import type { BlockReduction } from '../../../src/core/stats/blockReduction';
import type { SiteSummary } from '../../../src/core/stats/siteSummary';
import type { Stretch } from '../../../src/core/stats/stretch';
import { ReductionPool } from '../../../src/runtime/reduction/reductionPool';
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
  return createSiteAccumulator(new ReductionPool().createReduction(neurons));
}

/** Adds a batch on its own. */
export function add(accumulator: SiteAccumulator, stretches: readonly Stretch[]): void {
  accumulator.start(stretches);
  accumulator.finish();
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

/** A document of which windows are still to be run. */
interface Cursor {
  readonly document: number;
  readonly hash: (token: number) => number;
  window: number;
  firstToken: number;
}

export interface AccumulateOptions {
  readonly reduction?: BlockReduction;
  /** Where a batch's values are to lie; ordinary memory unless given. */
  readonly tensor?: (length: number) => Float32Array;
  readonly summariesOnTheWay?: boolean;
}

/**
 * Runs documents through an accumulator as a pipeline would: batches of some documents' next windows, in shuffled rows
 * with padding between, documents interleaved.
 */
export function accumulate(
  documents: readonly MadeDocument[],
  batchSeed: number,
  { reduction, tensor = (length) => new Float32Array(length), summariesOnTheWay }: AccumulateOptions = {},
): SiteSummary {
  const random = uniform(batchSeed);
  const neurons = neuronsOf(documents);
  const accumulator = reduction ? createSiteAccumulator(reduction) : newAccumulator(neurons);
  let open: Cursor[] = documents.map(({ key }, document) => ({
    document,
    hash: tokenHash(SEED, key),
    window: 0,
    firstToken: 0,
  }));
  while (open.length > 0) {
    const chosen = open.filter((_, i) => i === 0 || random() < 3 / open.length);
    const stretches = chosen.map((cursor) => nextStretch(cursor, documents[cursor.document]!, random));
    const rows = stretches.reduce((sum, { rowOf }) => sum + rowOf.length + 5, 0);
    const values = tensor(rows * neurons).fill(12345);
    let firstRow = 0;
    for (const { document, firstToken, rowOf } of stretches) {
      const offset = firstRow + Math.floor(random() * 5);
      const backwards = random() < 0.3;
      firstRow += rowOf.length + 5;
      rowOf.forEach((member, i) => {
        if (member < 0) return;
        rowOf[i] = offset + (backwards ? rowOf.length - 1 - i : i);
        const start = (firstToken + i) * neurons;
        values.set(documents[document]!.values.subarray(start, start + neurons), rowOf[i] * neurons);
      });
    }
    add(
      accumulator,
      stretches.map((stretch) => ({ ...stretch, values })),
    );
    if (summariesOnTheWay) accumulator.summary();
    values.fill(-54321);
    open = open.filter(({ document, window }) => window < documents[document]!.windows.length);
    if (random() < 0.5) open.reverse();
  }
  return accumulator.summary();
}

/** One to three windows of a document; 0 for each token of the population, as it has no row yet. */
function nextStretch(
  cursor: Cursor,
  { windows, population }: MadeDocument,
  random: () => number,
): Omit<Stretch, 'values'> {
  const { document, firstToken, hash } = cursor;
  const taken = windows.slice(cursor.window, cursor.window + 1 + Math.floor(random() * 3));
  const tokenCount = taken.reduce((sum, length) => sum + length, 0);
  cursor.window += taken.length;
  cursor.firstToken += tokenCount;
  return {
    document,
    firstToken,
    windows: taken,
    endsDocument: cursor.window === windows.length,
    rowOf: Int32Array.from({ length: tokenCount }, (_, i) => (population[firstToken + i] ? 0 : -1)),
    hashes: Uint32Array.from({ length: tokenCount }, (_, i) => hash(firstToken + i)),
  };
}

/** How many neurons the made-up model has; as many as there are kinds where there is no document to tell. */
export function neuronsOf(documents: readonly MadeDocument[]): number {
  const [first] = documents;
  return first ? first.values.length / first.population.length : KINDS.length;
}
