import { LensError } from '../common/errors';
import { formatNeuron } from '../common/neuronAddress';
import { exclusionsOf, tokensAt, windowsOfRange, type TextRun } from '../pipeline/textActivations';
import type { SiteBackground } from '../profile/queries/siteBackground';
import type { TokenRange } from '../profile/units';
import { coarsenHistogram, MAXIMUM_LINES } from '../stats/coarseHistogram';
import { occupiedBins } from '../stats/histogram';
import type { TokenizedText } from '../text/tokens';
import type { Tokenizer } from '../text/tokenizer';
import { NeuronPeaks } from './neuronPeaks';
import { rankByPercentile, type RankedPeak } from './rankByPercentile';
import type { SelectionAnswer, SelectionRow } from './selectionAnswer';

/** More tokens than this are not run: a selection is a question, a file is a profile. */
const LONGEST_SELECTION = 4096;
/** Neurons whose exact percentile is looked up before the rows are chosen. */
const CANDIDATES = 2048;

export interface SelectionQuestion {
  readonly text: string;
  /** UTF-16 range of the selection within the text. */
  readonly start: number;
  readonly end: number;
  readonly source: SelectionAnswer['source'];
  readonly rows: number;
}

/** The run and what its neurons are compared with: `backgrounds` in the order of the model's outputs. */
export interface SelectionBasis {
  readonly run: TextRun;
  readonly tokenizer: Tokenizer;
  readonly backgrounds: readonly SiteBackground[];
  readonly model: string;
  readonly profile: { readonly profile: string; readonly tokens: number };
}

/**
 * Which neurons answer to a piece of text (docs/methods.md): each neuron's peak against its own background,
 * by percentile, then by excess over the 99.9 % quantile.
 * @throws LensError `usage` when there is no token in the range
 */
export async function answerSelection(
  question: SelectionQuestion,
  basis: SelectionBasis,
  signal: AbortSignal,
): Promise<Omit<SelectionAnswer, 'seconds'>> {
  const text = await basis.tokenizer.tokenize(question.text);
  const selected = tokensAt(text, question.start, question.end);
  const range = { first: selected.first, end: Math.min(selected.end, selected.first + LONGEST_SELECTION) };
  if (range.first === range.end) {
    throw new LensError('usage', 'There is no token in the selection. Select some text, then ask again.');
  }
  const peaks = new NeuronPeaks(basis.backgrounds);
  for await (const window of windowsOfRange(text, range, basis.run, signal)) peaks.add(window);
  const ranked = await rankByPercentile(peaks.strongest(CANDIDATES), basis.backgrounds);
  const shown = ranked.slice(0, question.rows);
  const columns = await columnsOf(shown, text, range, basis.run, signal);
  const first = text.starts[range.first]!;
  const leftOut = exclusionsOf(text, range, basis.run);
  return {
    source: question.source,
    text: question.text.slice(first, text.ends[range.end - 1]),
    tokens: Array.from({ length: range.end - range.first }, (_, token) => ({
      start: text.starts[range.first + token]! - first,
      end: text.ends[range.first + token]! - first,
      ...(leftOut[token] && { leftOut: leftOut[token] }),
    })),
    tokensLeftOut: selected.end - range.end,
    model: basis.model,
    quantity: basis.run.model.outputs[0]!.quantity,
    background: basis.profile,
    neurons: basis.backgrounds.reduce((sum, { site }) => sum + site.dFf, 0),
    rows: await Promise.all(shown.map((peak, row) => rowOf(peak, columns[row]!, basis.backgrounds))),
  };
}

/**
 * The values of the few neurons that are shown at every token of the range; NaN where they have none. Nothing else was
 * kept when all neurons were looked at. The windows go backwards, so that those that were run last, and may still be
 * remembered, come first.
 * @returns [peaks] of [tokens]
 */
async function columnsOf(
  peaks: readonly RankedPeak[],
  text: TokenizedText,
  range: TokenRange,
  run: TextRun,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const columns = peaks.map(() => new Float32Array(range.end - range.first).fill(Number.NaN));
  for await (const window of windowsOfRange(text, range, run, signal, 'backward')) {
    peaks.forEach(({ output, neuron }, row) => {
      const { site, values, tokens } = window[output]!;
      tokens.forEach((token, at) => {
        if (token >= 0) columns[row]![token] = values[at * site.dFf + neuron]!;
      });
    });
  }
  return columns;
}

async function rowOf(
  peak: RankedPeak,
  column: Float32Array,
  backgrounds: readonly SiteBackground[],
): Promise<SelectionRow> {
  const background = backgrounds[peak.output]!;
  const histogram = await background.histogram(peak.neuron);
  const { edges, counts } = coarsenHistogram(occupiedBins(histogram), 0, MAXIMUM_LINES);
  return {
    id: formatNeuron({ ...background.site, neuron: peak.neuron }),
    peak: peak.token,
    value: peak.value,
    percentile: peak.percentile,
    values: Array.from(column, (value) => (Number.isNaN(value) ? null : value)),
    background: { min: histogram.min, max: histogram.max, edges, counts },
  };
}
