import { formatNeuron, type NeuronAddress } from '../common/neuronAddress';
import {
  activationsOfRange,
  tokensAt,
  type RangeActivations,
  type TextRun,
} from '../pipeline/textActivations';
import type { TokenizedText } from '../text/tokens';
import { sameSite } from '../common/neuronAddress';
import type { SiteBackground } from '../profile/reading/siteBackground';
import { percentileOf } from '../stats/histogram';
import { rankByPercentile } from './rankByPercentile';
import { strongestNeurons } from './strongestNeurons';

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
  const activations = await activationsOfRange(text, one, run, signal);
  return {
    token: {
      id: text.ids[one.first]!,
      start: text.starts[one.first]!,
      end: text.ends[one.first]!,
      number: one.first + 1,
      of: text.ids.length,
    },
    chosen: chosen === null ? null : await valueOf(chosen, activations, backgrounds),
    strongest: await strongestByPercentile(activations, backgrounds, limit),
  };
}

async function strongestByPercentile(
  activations: readonly RangeActivations[],
  backgrounds: readonly SiteBackground[],
  limit: number,
): Promise<NeuronAtToken[]> {
  const ranked = await rankByPercentile(strongestNeurons(activations, backgrounds, CANDIDATES), backgrounds);
  return ranked.slice(0, limit).map(({ output, neuron, value, percentile }) => ({
    id: formatNeuron({ ...backgrounds[output]!.site, neuron }),
    value,
    percentile,
  }));
}

async function valueOf(
  address: NeuronAddress,
  activations: readonly RangeActivations[],
  backgrounds: readonly SiteBackground[],
): Promise<NeuronAtToken | null> {
  const index = activations.findIndex(({ site }) => sameSite(site, address));
  const value = activations[index]?.values[address.neuron];
  if (value === undefined || Number.isNaN(value)) return null;
  const histogram = await backgrounds[index]!.histogram(address.neuron);
  return { id: formatNeuron(address), value, percentile: percentileOf(histogram, value) };
}
