import { placesBelowTop } from '../../stats/bands';
import { histogramOf, quantileOf } from '../../stats/histogram';
import type { LayerContext } from '../../stats/layerContext';
import { isNegativeOnly, isTwoSided } from '../../stats/reading';
import type { NeuronSummary } from '../../stats/siteSummary';
import type { NeuronFigures } from '../../stats/statistics';
import { placesOf, type StoredPlace } from '../../stats/storedPlaces';
import type { ReadTokens } from '../../stats/tokenRules';
import type { ExampleReader } from './exampleReader';

/** Reads the tokens that the sentence names (docs/methods.md, Strongest tokens); none of a dead or constant neuron. */
export async function readTokens(
  summary: NeuronSummary,
  figures: NeuronFigures,
  context: LayerContext,
  reader: ExampleReader,
): Promise<ReadTokens> {
  const { count, dead, constant, density } = figures;
  if (count === 0 || dead || constant) return { strongest: [], lowest: [], below: [] };
  const isNegative = isNegativeOnly(figures, context);
  const places = {
    strongest: strongestPlaces(summary, isNegative),
    lowest: isTwoSided(figures, context) ? lowestPlaces(summary) : [],
    below: isNegative ? [] : placesBelowTop(summary, density.threshold),
  };
  // One after the other, so that a token's text is read once.
  const strongest = await reader.placedTokens(places.strongest);
  const lowest = await reader.placedTokens(places.lowest);
  return { strongest, lowest, below: await reader.placedTokens(places.below) };
}

/** The stored positive values within the top 1 %; of a neuron that is never positive the smallest. */
export function strongestPlaces(summary: NeuronSummary, isNegative: boolean): StoredPlace[] {
  if (isNegative) return lowestPlaces(summary);
  const least = quantileOf(histogramOf(summary), 0.99);
  return placesOf(summary.top).filter(({ value }) => value > 0 && value >= least);
}

function lowestPlaces(summary: NeuronSummary): StoredPlace[] {
  const most = quantileOf(histogramOf(summary), 0.01);
  return placesOf(summary.bottom).filter(({ value }) => value < 0 && value <= most);
}
