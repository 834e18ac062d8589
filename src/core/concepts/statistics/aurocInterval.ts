import { shuffle, wholeBelow, type Random } from '../../common/random';
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

/**
 * The 95 % interval of an AUROC by bootstrap over documents (Field & Welsh 2007): tokens of one document are alike, so
 * documents are drawn, with replacement. For few documents the percentiles lie further out (Hesterberg 2015, expanded
 * percentile interval).
 * @param labels [n] 1 for a positive. @param documents [n] the number of each token's document, from 0.
 */
export function aurocInterval(
  ranking: Ranking,
  labels: Uint8Array,
  documents: Uint32Array,
  random: Random,
): Interval {
  const groups = groupsOf(documents, random);
  const pairs = pairCounts(ranking, labels, groups);
  const areas = new Float64Array(REPLICATES);
  const drawn = new Float64Array(groups.count);
  for (let replicate = 0; replicate < REPLICATES;) {
    drawn.fill(0);
    for (let i = 0; i < groups.count; i++) drawn[wholeBelow(random, groups.count)]! += 1;
    const area = areaOf(drawn, pairs);
    if (!Number.isNaN(area)) areas[replicate++] = area;
  }
  areas.sort();
  const tail = tailShare(Math.min(effectiveNumber(pairs.positives), effectiveNumber(pairs.others)));
  return { low: quantile(areas, tail), high: quantile(areas, 1 - tail) };
}

interface Groups {
  /** [n] */
  readonly of: Uint32Array;
  readonly count: number;
}

/** How often a positive of one group lies above another token of another, by pairs of groups. */
interface PairCounts {
  /** [groups × groups] */
  readonly above: Float64Array;
  /** [groups] */
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

/** From the lowest value up, each positive has below it the others that were passed, of each group. */
function pairCounts({ values, order }: Ranking, labels: Uint8Array, { of, count }: Groups): PairCounts {
  const above = new Float64Array(count * count);
  const positives = new Float64Array(count);
  const others = new Float64Array(count);
  for (let start = 0; start < order.length;) {
    const end = endOfTies(values, order, start);
    // Half of the others of this very value count as passed.
    for (let i = start; i < end; i++) if (labels[order[i]!] === 0) others[of[order[i]!]!]! += 0.5;
    for (let i = start; i < end; i++) {
      if (labels[order[i]!] === 0) continue;
      const group = of[order[i]!]!;
      positives[group]! += 1;
      const row = group * count;
      for (let other = 0; other < count; other++) above[row + other]! += others[other]!;
    }
    for (let i = start; i < end; i++) if (labels[order[i]!] === 0) others[of[order[i]!]!]! += 0.5;
    start = end;
  }
  return { above, positives, others };
}

/** AUROC of a draw; NaN where it has no positive or nothing else. */
function areaOf(drawn: Float64Array, { above, positives, others }: PairCounts): number {
  const count = drawn.length;
  let [sum, positive, other] = [0, 0, 0];
  for (let group = 0; group < count; group++) {
    const times = drawn[group]!;
    if (times === 0) continue;
    positive += times * positives[group]!;
    other += times * others[group]!;
    if (positives[group] === 0) continue;
    let row = 0;
    for (let against = 0; against < count; against++)
      row += drawn[against]! * above[group * count + against]!;
    sum += times * row;
  }
  return sum / (positive * other);
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
