import { createDistributions } from './distributions';
import type { Binning } from './binning';
import { DISTRIBUTION_COLUMNS, DISTRIBUTION_NAMES, type Merge } from './distributionColumns';
import { createExtremeColumns, ExtremeSelection, insertExtremes } from './extremeSelection';
import { addMoments } from './moments';
import { createSampleStore, SampleSelection } from './sampleSelection';
import { RANDOM_COUNT, type Distributions, type RandomPlaces, type SiteSummary } from './siteSummary';

/**
 * One summary of all that the parts summarise, as if it had been made in one run: the same bins, examples and
 * samples; moments to the last bits of float64. Parts must not share tokens, and must sort values into the same bins. With summaries of one neuron each it
 * gives that neuron's.
 *
 * @param parts of the same site; at least one.
 * @param documentMaps for each part, the number in the result of each of its documents. Numbers must follow the
 *   order of document keys on both sides.
 */
export function mergeSiteSummaries<Summary extends SiteSummary>(
  parts: readonly Summary[],
  documentMaps: readonly Uint32Array[],
): Summary {
  const distributions = mergeDistributions(parts);
  const { neurons, binning } = distributions;
  const top = new ExtremeSelection(1, createExtremeColumns(neurons));
  const bottom = new ExtremeSelection(-1, createExtremeColumns(neurons));
  const samples = new SampleSelection(createSampleStore(neurons), binning);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const exponent = distributions.exponent[neuron]!;
    parts.forEach((part, i) => {
      const documentMap = documentMaps[i]!;
      insertExtremes(top, neuron, part.top, neuron, documentMap);
      insertExtremes(bottom, neuron, part.bottom, neuron, documentMap);
      samples.insertAll(neuron, part.samples, neuron, exponent - part.exponent[neuron]!, documentMap);
    });
  }
  const merged: SiteSummary = {
    ...distributions,
    top: top.sorted(),
    bottom: bottom.sorted(),
    samples: samples.sorted(),
    random: mergeRandomPlaces(parts, documentMaps),
  };
  return merged as Summary;
}

/** As `mergeSiteSummaries`, without the examples. */
export function mergeDistributions(parts: readonly Distributions[]): Distributions {
  const { neurons, binning } = parts[0]!;
  const merged = createDistributions(neurons, binning);
  for (const part of parts) {
    for (let neuron = 0; neuron < neurons; neuron++) {
      const { count, mean, m2, m3, m4 } = part;
      addMoments(merged, neuron, count[neuron]!, mean[neuron]!, m2[neuron]!, m3[neuron]!, m4[neuron]!);
    }
    for (const name of DISTRIBUTION_NAMES) {
      const add = PAIRWISE[DISTRIBUTION_COLUMNS[name].merge];
      if (add) for (let i = 0; i < neurons; i++) merged[name][i] = add(merged[name][i]!, part[name][i]!);
    }
  }
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (const part of parts) {
      addBins(merged.bins, part.bins, neuron, binning, merged.exponent[neuron]! - part.exponent[neuron]!);
    }
  }
  return merged;
}

/** How the numbers of two summaries become one; null for what is merged together with other columns. */
const PAIRWISE: Readonly<Record<Merge, ((to: number, from: number) => number) | null>> = {
  sum: (to, from) => to + from,
  min: Math.min,
  max: Math.max,
  moments: null,
  bins: null,
};

function addBins(
  to: Uint32Array,
  from: Uint32Array,
  neuron: number,
  { binCount, foldedBin }: Binning,
  steps: number,
): void {
  const start = neuron * binCount;
  for (let bin = 0; bin < binCount; bin++) {
    const count = from[start + bin]!;
    if (count > 0) to[start + (steps === 0 ? bin : foldedBin(bin, steps))]! += count;
  }
}

function mergeRandomPlaces(
  parts: readonly SiteSummary[],
  documentMaps: readonly Uint32Array[],
): RandomPlaces {
  const places = parts.flatMap(({ random }, part) =>
    Array.from({ length: random.count }, (_, place) => ({
      part,
      place,
      hash: random.hash[place]!,
      document: documentMaps[part]![random.document[place]!]!,
      token: random.token[place]!,
    })),
  );
  places.sort((a, b) => a.hash - b.hash || a.document - b.document || a.token - b.token);
  const kept = places.slice(0, RANDOM_COUNT);
  const neurons = parts[0]!.neurons;
  const value = new Float32Array(neurons * RANDOM_COUNT);
  kept.forEach(({ part, place }, rank) => {
    const from = parts[part]!.random.value;
    for (let start = 0; start < value.length; start += RANDOM_COUNT)
      value[start + rank] = from[start + place]!;
  });
  const column = (entries: readonly number[]) => {
    const numbers = new Uint32Array(RANDOM_COUNT);
    numbers.set(entries);
    return numbers;
  };
  return {
    count: kept.length,
    hash: column(kept.map(({ hash }) => hash)),
    document: column(kept.map(({ document }) => document)),
    token: column(kept.map(({ token }) => token)),
    value,
  };
}
