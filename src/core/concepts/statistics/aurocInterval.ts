import { shuffle, wholeBelow, type Random } from '../../common/random';
import type { MatrixProduct } from '../screening/screen';
import { normalTail, studentLimit } from './normal';
import { endOfTies, type Ranking } from './ranking';

/** A 95 % interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Draws of documents. */
const REPLICATES = 1_000;
/** Documents beyond this many are put together at random: a draw costs their square. */
const MAXIMUM_GROUPS = 100;

/** Neurons whose draws are multiplied at once: what that takes stays near 10 MB. */
const AT_ONCE = 32;

/**
 * The 95 % intervals of AUROCs by bootstrap over documents (Field & Welsh 2007): tokens of one document are alike, so
 * documents are drawn, with replacement, the same for all neurons. For few documents the percentiles lie further out
 * (Hesterberg 2015, expanded percentile interval).
 * @param rankings of neurons at the same n tokens. @param labels [n] 1 for a positive.
 * @param documents [n] the number of each token's document, from 0.
 * @returns NaN at both ends where a class is empty
 */
export async function aurocIntervals(
  rankings: readonly Ranking[],
  labels: Uint8Array,
  documents: Uint32Array,
  random: Random,
  product: MatrixProduct,
): Promise<Interval[]> {
  const groups = groupsOf(documents, random);
  const sizes = classSizes(labels, groups);
  // No draw of them would ever hold both classes.
  if (![sizes.positives, sizes.others].every((tokens) => tokens.some((count) => count > 0))) {
    return rankings.map(() => ({ low: NaN, high: NaN }));
  }
  const draws = drawGroups(sizes, random);
  const tail = tailShare(Math.min(effectiveNumber(sizes.positives), effectiveNumber(sizes.others)));
  const intervals: Interval[] = [];
  for (let first = 0; first < rankings.length; first += AT_ONCE) {
    const counts = rankings
      .slice(first, first + AT_ONCE)
      .map((ranking) => pairCounts(ranking, labels, groups));
    for (const areas of await areasOf(draws, sizes, counts, product)) {
      areas.sort();
      intervals.push({ low: quantile(areas, tail), high: quantile(areas, 1 - tail) });
    }
  }
  return intervals;
}

interface Groups {
  /** [n] */
  readonly of: Uint32Array;
  readonly count: number;
}

/** [groups] tokens of each class. */
interface ClassSizes {
  readonly positives: Float64Array;
  readonly others: Float64Array;
}

function groupsOf(documents: Uint32Array, random: Random): Groups {
  const count = documents.reduce((most, document) => Math.max(most, document + 1), 0);
  if (count <= MAXIMUM_GROUPS) return { of: documents, count };
  const order = shuffle(
    Uint32Array.from({ length: count }, (_, document) => document),
    random,
  );
  return { of: documents.map((document) => order[document]! % MAXIMUM_GROUPS), count: MAXIMUM_GROUPS };
}

function classSizes(labels: Uint8Array, { of, count }: Groups): ClassSizes {
  const sizes = [new Float64Array(count), new Float64Array(count)] as const;
  labels.forEach((label, token) => (sizes[label === 1 ? 1 : 0][of[token]!]! += 1));
  return { positives: sizes[1], others: sizes[0] };
}

/** [replicates × groups] how often each is drawn; draws without a positive or without anything else are made again. */
function drawGroups({ positives, others }: ClassSizes, random: Random): Float32Array {
  const count = positives.length;
  const draws = new Float32Array(REPLICATES * count);
  for (let replicate = 0; replicate < REPLICATES;) {
    const drawn = draws.subarray(replicate * count, (replicate + 1) * count).fill(0);
    for (let i = 0; i < count; i++) drawn[wholeBelow(random, count)]! += 1;
    const holds = (sizes: Float64Array) => drawn.some((times, group) => times * sizes[group]! > 0);
    if (holds(positives) && holds(others)) replicate += 1;
  }
  return draws;
}

/**
 * How often a positive of one group lies above another token of another, by pairs of groups [groups × groups]: from the
 * lowest value up, each positive has below it the others that were passed, of each group.
 */
function pairCounts({ sorted, order }: Ranking, labels: Uint8Array, { of, count }: Groups): Float64Array {
  const above = new Float64Array(count * count);
  const others = new Float64Array(count);
  for (let start = 0; start < order.length;) {
    const end = endOfTies(sorted, start);
    // Half of the others of this very value count as passed.
    for (let i = start; i < end; i++) if (labels[order[i]!] === 0) others[of[order[i]!]!]! += 0.5;
    for (let i = start; i < end; i++) {
      if (labels[order[i]!] === 0) continue;
      const row = of[order[i]!]! * count;
      for (let other = 0; other < count; other++) above[row + other]! += others[other]!;
    }
    for (let i = start; i < end; i++) if (labels[order[i]!] === 0) others[of[order[i]!]!]! += 0.5;
    start = end;
  }
  return above;
}

/** The AUROC of each draw, [neurons][replicates]: Σ drawn × above × drawn ÷ pairs, all neurons in one product. */
async function areasOf(
  draws: Float32Array,
  { positives, others }: ClassSizes,
  counts: readonly Float64Array[],
  product: MatrixProduct,
): Promise<Float64Array[]> {
  const groups = positives.length;
  const width = groups * counts.length;
  const above = new Float32Array(groups * width);
  counts.forEach((pairs, neuron) => {
    for (let group = 0; group < groups; group++) {
      for (let against = 0; against < groups; against++) {
        above[against * width + neuron * groups + group] = pairs[group * groups + against]!;
      }
    }
  });
  const passed = await product(draws, above, groups);
  const pairsOf = pairsOfDraws(draws, positives, others);
  return counts.map((_, neuron) => {
    const areas = new Float64Array(REPLICATES);
    for (let replicate = 0; replicate < REPLICATES; replicate++) {
      const drawn = replicate * groups;
      const from = replicate * width + neuron * groups;
      let sum = 0;
      for (let group = 0; group < groups; group++) sum += draws[drawn + group]! * passed[from + group]!;
      areas[replicate] = sum / pairsOf[replicate]!;
    }
    return areas;
  });
}

/** [replicates] pairs of a positive with another token. */
function pairsOfDraws(draws: Float32Array, positives: Float64Array, others: Float64Array): Float64Array {
  const groups = positives.length;
  const pairs = new Float64Array(REPLICATES);
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    let [positive, other] = [0, 0];
    for (let group = 0; group < groups; group++) {
      const times = draws[replicate * groups + group]!;
      positive += times * positives[group]!;
      other += times * others[group]!;
    }
    pairs[replicate] = positive * other;
  }
  return pairs;
}

/** As many documents of equal size would weigh as much (Kish 1965). */
function effectiveNumber(sizes: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const size of sizes) {
    sum += size;
    squares += size * size;
  }
  return (sum * sum) / squares;
}

/** Which share of the draws lies beyond either end: 2.5 %, and less for few documents. */
function tailShare(documents: number): number {
  const n = Math.max(documents, 5);
  return normalTail(Math.sqrt(n / (n - 1)) * studentLimit(n - 1));
}

function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const lower = Math.floor(position);
  const from = sorted[lower]!;
  return from + (position - lower) * ((sorted[lower + 1] ?? from) - from);
}
