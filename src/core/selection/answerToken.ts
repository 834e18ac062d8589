import { formatNeuron, sameSite, type NeuronAddress } from '../common/neuronAddress';
import type { Exclusion } from '../common/leftOut';
import { exclusionsOf, tokensAt, windowsOfRange, type TextRun } from '../pipeline/textActivations';
import type { SiteBackground } from '../profile/queries/siteBackground';
import { percentileOf } from '../stats/histogram';
import type { TokenizedText } from '../text/tokens';
import { NeuronPeaks } from './neuronPeaks';
import { rankByPercentile } from './rankByPercentile';

/** Neurons whose exact percentile is looked up before the strongest are chosen. */
const CANDIDATES = 64;

/** A neuron at one token. */
export interface NeuronAtToken {
  readonly id: string;
  readonly value: number;
  /** Share of the profile's population below this value, in percent. */
  readonly percentile: number;
}

/** What fires at one token: what hovering it shows. */
export interface TokenAnswer {
  readonly token: {
    readonly id: number;
    /** UTF-16 offsets into the text. */
    readonly start: number;
    readonly end: number;
    /** Counted from 1 among the `of` tokens of the text. */
    readonly number: number;
    readonly of: number;
    /** Why the token is outside the profile's population; null where it is not. */
    readonly leftOut: Exclusion | null;
  };
  /** The neuron that was asked for; null where none was, or where it has no value at this token. */
  readonly chosen: NeuronAtToken | null;
  readonly strongest: readonly NeuronAtToken[];
}

/**
 * The neurons that fire at the token which holds the UTF-16 offset, by their percentile in the profile.
 * @param backgrounds in the order of the model's outputs
 * @returns null where no token holds the offset
 */
export async function answerToken(
  {
    text,
    offset,
    chosen,
    limit,
  }: { text: TokenizedText; offset: number; chosen: NeuronAddress | null; limit: number },
  { run, backgrounds }: { run: TextRun; backgrounds: readonly SiteBackground[] },
  signal: AbortSignal,
): Promise<TokenAnswer | null> {
  const range = tokensAt(text, offset, offset + 1);
  if (range.first === range.end) return null;
  const one = { first: range.first, end: range.first + 1 };
  const peaks = new NeuronPeaks(backgrounds);
  for await (const window of windowsOfRange(text, one, run, signal)) peaks.add(window);
  return {
    token: {
      id: text.ids[one.first]!,
      start: text.starts[one.first]!,
      end: text.ends[one.first]!,
      number: one.first + 1,
      of: text.ids.length,
      leftOut: exclusionsOf(text, one, run)[0] ?? null,
    },
    chosen: chosen === null ? null : await valueOf(chosen, peaks, backgrounds),
    strongest: await strongestByPercentile(peaks, backgrounds, limit),
  };
}

async function strongestByPercentile(
  peaks: NeuronPeaks,
  backgrounds: readonly SiteBackground[],
  limit: number,
): Promise<NeuronAtToken[]> {
  const ranked = await rankByPercentile(peaks.strongest(CANDIDATES), backgrounds);
  return ranked.slice(0, limit).map(({ output, neuron, value, percentile }) => ({
    id: formatNeuron({ ...backgrounds[output]!.site, neuron }),
    value,
    percentile,
  }));
}

async function valueOf(
  address: NeuronAddress,
  peaks: NeuronPeaks,
  backgrounds: readonly SiteBackground[],
): Promise<NeuronAtToken | null> {
  const output = backgrounds.findIndex(({ site }) => sameSite(site, address));
  const value = peaks.valueOf(output, address.neuron);
  if (value === null) return null;
  const histogram = await backgrounds[output]!.histogram(address.neuron);
  return { id: formatNeuron(address), value, percentile: percentileOf(histogram, value) };
}
