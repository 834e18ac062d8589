/** Counts over adjacent bins; `edges` has one entry more than `counts`. The last bin includes its upper edge. */
export interface BinnedCounts {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** A histogram as it is drawn, in bars of one width, and how many tokens lie outside the part drawn. */
export interface CoarseHistogram extends BinnedCounts {
  readonly width: number;
  readonly below: number;
  readonly above: number;
  /** Whether a bar's count is no exact one, as it shares a bin with its neighbour by width. */
  readonly shared: readonly boolean[];
}

/** Most bars of a chart (docs/methods.md, Statistics). */
export const MAXIMUM_BARS = 100;
/** Most lines of a histogram in text, and points of one that is drawn small. */
export const MAXIMUM_LINES = 40;

/** Fewer bars than this are halved, though they then share bins. */
const FEW_BARS = 24;

/**
 * Bars of one width, a power of two, over the occupied range of a histogram: as wide as the widest bin, so that each
 * holds whole bins (all of them have edges that are multiples of their width's power of two); half as wide where that
 * gives few bars, the tokens of a bin that two of them share apportioned by width; wider where there would be more than
 * `maximumBars`.
 * @param tails share of tokens that may be cut away at either end, 0 to draw everything; cut tokens are counted
 */
export function coarsenHistogram(
  { edges, counts }: BinnedCounts,
  tails = 0,
  maximumBars = MAXIMUM_BARS,
): CoarseHistogram {
  const total = sum(counts);
  if (total === 0) return { edges: [], counts: [], width: 0, below: 0, above: 0, shared: [] };
  const first = binAtTail(counts, tails * total);
  const last = counts.length - 1 - binAtTail([...counts].reverse(), tails * total);
  const drawn = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(
    (bin) => counts[bin]! > 0,
  );
  const width = barWidth(edges, drawn, maximumBars);
  const firstBar = Math.floor(edges[drawn[0]!]! / width);
  const bars = new Array<number>(lastBarOf(edges, drawn.at(-1)!, width) - firstBar + 1).fill(0);
  const shared = bars.map(() => false);
  for (const bin of drawn) {
    const pieces = piecesOf(edges[bin]!, edges[bin + 1]!, counts[bin]!, width);
    for (const { bar, count } of pieces) {
      bars[bar - firstBar]! += count;
      if (pieces.length > 1) shared[bar - firstBar] = true;
    }
  }
  return {
    edges: Array.from({ length: bars.length + 1 }, (_, bar) => (firstBar + bar) * width),
    counts: bars,
    width,
    below: sum(counts.slice(0, first)),
    above: sum(counts.slice(last + 1)),
    shared,
  };
}

/** Share of the histogram below a value, in percent; within a bin, tokens are taken as evenly spread. */
export function percentileIn(histogram: BinnedCounts, value: number): number {
  const total = sum(histogram.counts);
  if (total === 0) return 0;
  let below = 0;
  histogram.counts.forEach((count, bin) => {
    const from = histogram.edges[bin]!;
    const to = histogram.edges[bin + 1]!;
    below += count * (value >= to && value > from ? 1 : value <= from ? 0 : (value - from) / (to - from));
  });
  return (100 * below) / total;
}

function barWidth(edges: readonly number[], bins: readonly number[], maximumBars: number): number {
  const [first, last] = [bins[0]!, bins.at(-1)!];
  const widest = Math.max(...bins.map((bin) => edges[bin + 1]! - edges[bin]!));
  // Of a single value any width will do that float64 can tell from it.
  const size = Math.max(Math.abs(edges[first]!), Math.abs(edges[last + 1]!)) || 1;
  let width = 2 ** Math.ceil(Math.log2(Math.max(widest, size * 2 ** -40)));
  const bars = () => lastBarOf(edges, last, width) - Math.floor(edges[first]! / width) + 1;
  if (widest > 0 && bars() < Math.min(FEW_BARS, maximumBars / 2)) width /= 2;
  while (bars() > maximumBars) width *= 2;
  return width;
}

/** The last bar that a bin reaches into: its upper edge belongs to the next one, unless it has no width. */
function lastBarOf(edges: readonly number[], bin: number, width: number): number {
  return Math.max(Math.floor(edges[bin]! / width), Math.ceil(edges[bin + 1]! / width) - 1);
}

/** A bin's tokens by bar: whole tokens that add up to all. */
function piecesOf(low: number, high: number, count: number, width: number): { bar: number; count: number }[] {
  const first = Math.floor(low / width);
  const last = Math.max(first, Math.ceil(high / width) - 1);
  let given = 0;
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const end = Math.min(high, (first + i + 1) * width);
    const upTo = i === last - first ? count : Math.round((count * (end - low)) / (high - low));
    const piece = { bar: first + i, count: upTo - given };
    given = upTo;
    return piece;
  });
}

/** First bin from the left where more than `tail` tokens have been passed. */
function binAtTail(counts: readonly number[], tail: number): number {
  let passed = 0;
  const bin = counts.findIndex((count) => (passed += count) > tail);
  return Math.max(0, bin);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
