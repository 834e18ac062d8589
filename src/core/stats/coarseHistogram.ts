/** Counts over adjacent bins of one width; `edges` has one entry more than `counts`. */
export interface BinnedCounts {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** A histogram as it is drawn, and how many tokens lie outside the part drawn. */
export interface CoarseHistogram extends BinnedCounts {
  readonly width: number;
  readonly below: number;
  readonly above: number;
}

/** Most bars that are told apart at a glance (docs/methods.md, Statistics). */
export const MAXIMUM_BARS = 40;

/**
 * The finest dyadic level with at most `maximumBars` bars over the occupied range of a dyadic histogram.
 * @param tails share of tokens that may be cut away at either end, 0 to draw everything; cut tokens are counted
 */
export function coarsenHistogram(
  histogram: BinnedCounts,
  tails = 0,
  maximumBars = MAXIMUM_BARS,
): CoarseHistogram {
  const { counts } = histogram;
  const total = sum(counts);
  const width = (histogram.edges[1] ?? 0) - (histogram.edges[0] ?? 0);
  const first = binAtTail(counts, tails * total);
  const last = counts.length - 1 - binAtTail([...counts].reverse(), tails * total);
  if (total === 0 || !(width > 0)) return { edges: [], counts: [], width: 0, below: 0, above: 0 };

  const start = Math.round((histogram.edges[0] ?? 0) / width);
  let pairing = 1;
  while (barsBetween(start + first, start + last, pairing) > maximumBars) pairing *= 2;
  const firstBar = Math.floor((start + first) / pairing);
  const bars = new Array<number>(barsBetween(start + first, start + last, pairing)).fill(0);
  let below = 0;
  let above = 0;
  counts.forEach((count, bin) => {
    const bar = Math.floor((start + bin) / pairing) - firstBar;
    if (bar < 0) below += count;
    else if (bar >= bars.length) above += count;
    else bars[bar] = (bars[bar] ?? 0) + count;
  });
  const barWidth = width * pairing;
  const edges = Array.from({ length: bars.length + 1 }, (_, bar) => (firstBar + bar) * barWidth);
  return { edges, counts: bars, width: barWidth, below, above };
}

/** Share of the histogram below a value, in percent; within a bin, tokens are taken as evenly spread. */
export function percentileIn(histogram: BinnedCounts, value: number): number {
  const total = sum(histogram.counts);
  if (total === 0) return 0;
  let below = 0;
  histogram.counts.forEach((count, bin) => {
    const from = histogram.edges[bin] ?? 0;
    const to = histogram.edges[bin + 1] ?? from;
    below += count * Math.min(1, Math.max(0, (value - from) / (to - from)));
  });
  return (100 * below) / total;
}

/** First bin from the left where more than `tail` tokens have been passed. */
function binAtTail(counts: readonly number[], tail: number): number {
  let passed = 0;
  const bin = counts.findIndex((count) => (passed += count) > tail);
  return Math.max(0, bin);
}

function barsBetween(first: number, last: number, pairing: number): number {
  return Math.floor(last / pairing) - Math.floor(first / pairing) + 1;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
