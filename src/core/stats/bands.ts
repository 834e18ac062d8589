import { histogramOf, quantileOf, valueAtRank } from './histogram';
import { massBelowRank, massOfBins } from './mass';
import type { NeuronSummary } from './siteSummary';
import {
  type HashedPlace,
  randomPlacesOf,
  samplesOf,
  type StoredPlace,
  storedPlacesOf,
  tokenKey,
} from './storedPlaces';
import { uniformOf } from './tokenHash';

const BAND_EDGES = [0, 0.5, 0.9, 0.99, 0.999, 1];
const PLACES_PER_BAND = 8;

/** The tokens between two quantiles of the population, and some of them. */
export interface QuantileBand {
  readonly from: number;
  readonly to: number;
  /** The smallest value of the band and of the next one (the maximum at the upper end). */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly share: number;
  /** Share of Σ|act|. */
  readonly mass: number;
  /** At most 8, largest first. */
  readonly places: readonly StoredPlace[];
}

/** The bands [0,50), [50,90), [90,99), [99,99.9), [99.9,100] percent of a neuron's values. */
export function bandsOf(summary: NeuronSummary): QuantileBand[] {
  const histogram = histogramOf(summary);
  const { count, absoluteSum, max } = histogram;
  if (count === 0) return [];
  const masses = massOfBins(histogram);
  const pool = weightedPool(summary);
  return BAND_EDGES.slice(0, -1).map((from, i) => {
    const to = BAND_EDGES[i + 1]!;
    const first = ranksBelow(from, count);
    const end = ranksBelow(to, count);
    const low = valueAtRank(histogram, first);
    const high = end < count ? valueAtRank(histogram, end) : max;
    const mass = massBelowRank(histogram, masses, end) - massBelowRank(histogram, masses, first);
    const inside = ({ value }: StoredPlace) =>
      value >= low && (value < high || (value === high && (end === count || low === high)));
    return {
      from,
      to,
      low,
      high,
      count: end - first,
      share: (end - first) / count,
      mass: absoluteSum > 0 ? mass / absoluteSum : 0,
      places: end > first ? draw(pool, inside, PLACES_PER_BAND) : [],
    };
  });
}

/** Some of the stored places of a range of values, and how many are stored of it. */
export interface PlacesOfRange {
  /** Largest first. */
  readonly places: readonly StoredPlace[];
  readonly stored: number;
}

/**
 * At most `limit` of the places with values in [low, high), as of a bar of the histogram; a bar that ends at the
 * maximum holds it. Samples and random places are drawn as for bands; where they leave room, so do the stored extremes.
 */
export function placesBetween(
  summary: NeuronSummary,
  low: number,
  high: number,
  limit: number,
): PlacesOfRange {
  const { max } = histogramOf(summary);
  const inside = ({ value }: StoredPlace) =>
    value >= low && (value < high || (value === high && high === max));
  const drawn = draw(weightedPool(summary), inside, limit);
  const known = new Set(drawn.map(tokenKey));
  const others = storedPlacesOf(summary).filter((place) => inside(place) && !known.has(tokenKey(place)));
  const room = drawn.length < limit ? others.slice(0, limit - drawn.length) : [];
  return { places: [...drawn, ...room].sort(largestFirst), stored: drawn.length + others.length };
}

/** Places that stand for what lies below the top. */
const BELOW_COUNT = 32;

/**
 * A draw, as for bands, from the values between the 90 % and the 99.9 % quantile at which the neuron is active.
 * @param threshold of the density (docs/methods.md, Statistics)
 */
export function placesBelowTop(summary: NeuronSummary, threshold: number): StoredPlace[] {
  const histogram = histogramOf(summary);
  const [low, high] = [quantileOf(histogram, 0.9), quantileOf(histogram, 0.999)];
  const inside = ({ value }: StoredPlace) => value > 0 && value >= threshold && value >= low && value < high;
  return draw(weightedPool(summary), inside, BELOW_COUNT);
}

interface WeightedPlace extends HashedPlace {
  /** How many tokens of the population the place stands for. */
  readonly weight: number;
}

/** Samples and random places, each token once; those of a super-bin share its tokens evenly. */
function weightedPool(summary: NeuronSummary): WeightedPlace[] {
  const { binOf, superBinOf, superBinCount } = summary.binning;
  const exponent = summary.exponent[0]!;
  const superBinAt = ({ value }: StoredPlace) => superBinOf(binOf(value, exponent));
  const byToken = new Map<string, HashedPlace>();
  for (const place of [...randomPlacesOf(summary), ...samplesOf(summary)]) {
    byToken.set(tokenKey(place), place);
  }
  const kept = new Array<number>(superBinCount).fill(0);
  for (const place of byToken.values()) kept[superBinAt(place)]!++;
  const tokens = new Array<number>(superBinCount).fill(0);
  summary.bins.forEach((occupied, bin) => (tokens[superBinOf(bin)]! += occupied));
  return Array.from(byToken.values(), (place) => {
    const superBin = superBinAt(place);
    return { ...place, weight: tokens[superBin]! / kept[superBin]! };
  });
}

/**
 * Draws without replacement by weight: the places of largest u^(1/weight), u uniform (Efraimidis & Spirakis 2006),
 * where u comes from the token's hash so that the same places come out every time.
 */
function draw(
  pool: readonly WeightedPlace[],
  inside: (place: StoredPlace) => boolean,
  limit: number,
): StoredPlace[] {
  return pool
    .filter(inside)
    .map((place) => ({ place, key: Math.log(uniformOf(place.hash)) / place.weight }))
    .sort((a, b) => b.key - a.key || a.place.document - b.place.document || a.place.token - b.place.token)
    .slice(0, limit)
    .map(({ place: { value, document, token, context } }) => ({ value, document, token, context }))
    .sort(largestFirst);
}

function largestFirst(a: StoredPlace, b: StoredPlace): number {
  return b.value - a.value || a.document - b.document || a.token - b.token;
}

/** How many of n values lie below a quantile: the rank at which the band above it begins. */
function ranksBelow(share: number, count: number): number {
  const ranks = share * count;
  const whole = Math.round(ranks);
  return Math.abs(ranks - whole) < 1e-6 ? whole : Math.ceil(ranks);
}
