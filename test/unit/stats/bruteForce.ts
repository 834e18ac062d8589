import { type MadeDocument, neuronsOf, SEED } from './corpus';
import { tokenHash } from '../../../src/core/stats/tokenHash';

export interface Place {
  readonly value: number;
  readonly document: number;
  readonly token: number;
  readonly hash: number;
  /** The 17 activations around the place as float32; NaN where none is known. */
  readonly context: readonly number[];
}

/** What docs/methods.md says of one neuron, computed from all its values at once. */
export interface Reference {
  readonly values: readonly number[];
  readonly nonFinite: number;
  readonly mean: number;
  readonly m2: number;
  readonly m3: number;
  readonly m4: number;
  readonly exponent: number;
  readonly bins: readonly number[];
  readonly top: readonly Place[];
  readonly bottom: readonly Place[];
  readonly samples: readonly (readonly Place[])[];
}

/** Every token of the population in document order, with the block that it belongs to. */
function places(documents: readonly MadeDocument[], neuron: number): (Place & { block: string })[] {
  const neurons = neuronsOf(documents);
  return documents.flatMap(({ key, values, population, windows }, document) => {
    const hash = tokenHash(SEED, key);
    const known = (token: number) =>
      token >= 0 && token < population.length && population[token] ? values[token * neurons + neuron]! : NaN;
    const found: (Place & { block: string })[] = [];
    let firstToken = 0;
    windows.forEach((length, window) => {
      for (let i = 0; i < length; i++) {
        const token = firstToken + i;
        if (!population[token]) continue;
        const context = Array.from({ length: 17 }, (_, offset) => known(token - 8 + offset));
        const block = `${document}/${window}/${Math.floor(i / 64)}`;
        found.push({ value: known(token), document, token, hash: hash(token), context, block });
      }
      firstToken += length;
    });
    return found;
  });
}

function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

function byPlace(a: Place, b: Place): number {
  return a.document - b.document || a.token - b.token;
}

function blockExtremes(population: readonly (Place & { block: string })[], sign: 1 | -1): Place[] {
  const best = new Map<string, Place>();
  for (const place of population) {
    const known = best.get(place.block);
    if (!known || place.value * sign > known.value * sign) best.set(place.block, place);
  }
  return [...best.values()].sort((a, b) => sign * (b.value - a.value) || byPlace(a, b)).slice(0, 32);
}

/** e of the octave from 2^e to 2^(e + 1) in which a size lies. */
function exponentOf(size: number): number {
  let exponent = -149;
  while (size >= 2 ** (exponent + 1)) exponent++;
  return exponent;
}

/**
 * docs/methods.md, Histogram: 64 bins in each of the two highest octaves, sixteen in each below, and the bin next to 0 for
 * all that is smaller.
 */
function edgesOf(exponent: number): number[] {
  const edges = [0];
  for (let octave = exponent - 14; octave <= exponent; octave++) {
    const width = 2 ** octave / (octave < exponent - 1 ? 16 : 64);
    for (let edge = 2 ** octave; edge < 2 ** (octave + 1); edge += width) edges.push(edge);
  }
  // The lowest octave's first sixteenth goes with all that is smaller.
  edges.splice(1, 1);
  return edges;
}

function binOf(value: number, edges: readonly number[]): number {
  const size = Math.abs(value);
  const step = edges.findLastIndex((edge) => size >= edge);
  return value < 0 ? 335 - step : 336 + step;
}

/** Of the highest octave four, of the next two, of the third one, and one for all below, on either side of 0. */
function superBinOf(value: number, exponent: number): number {
  const top = 2 ** exponent;
  const starts = [0, 1 / 4, 1 / 2, 3 / 4, 1, 1.25, 1.5, 1.75];
  const level = starts.findLastIndex((start) => Math.abs(value) >= start * top);
  return value < 0 ? 7 - level : 8 + level;
}

export function bruteForce(documents: readonly MadeDocument[], neuron: number): Reference {
  const all = places(documents, neuron);
  const population = all.filter(({ value }) => Number.isFinite(value));
  const values = population.map(({ value }) => value);
  const mean = values.length === 0 ? 0 : sum(values) / values.length;
  const power = (exponent: number) => sum(values.map((value) => (value - mean) ** exponent));
  const peak = Math.max(0, ...values.map(Math.abs));
  const exponent = Math.max(-112, exponentOf(peak));
  const edges = edgesOf(exponent);
  const bin = (value: number) => binOf(value, edges);
  const bins = new Array<number>(672).fill(0);
  for (const value of values) bins[bin(value)]!++;
  const byHash = [...population].sort((a, b) => a.hash - b.hash || byPlace(a, b));
  const samples = Array.from({ length: 16 }, (): Place[] => []);
  for (const place of byHash) {
    const sampled = samples[superBinOf(place.value, exponent)]!;
    if (sampled.length < 4) sampled.push(place);
  }
  return {
    values,
    nonFinite: all.length - values.length,
    mean,
    m2: power(2),
    m3: power(3),
    m4: power(4),
    exponent,
    bins,
    top: blockExtremes(population, 1),
    bottom: blockExtremes(population, -1),
    samples,
  };
}

/** The 256 tokens of the population with the lowest hashes. */
export function randomPlaces(documents: readonly MadeDocument[]): Place[] {
  return places(documents, 0)
    .sort((a, b) => a.hash - b.hash || byPlace(a, b))
    .slice(0, 256);
}
