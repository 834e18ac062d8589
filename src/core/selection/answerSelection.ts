import { LensError } from '../common/errors';
import { formatNeuron } from '../common/neuronAddress';
import {
  activationsOfRange,
  tokensAt,
  type RangeActivations,
  type TextRun,
} from '../pipeline/textActivations';
import type { Tokenizer } from '../text/tokenizer';
import type { SelectionAnswer, SelectionRow } from './selectionAnswer';
import type { SiteBackground } from '../profile/reading/siteBackground';
import { coarsenHistogram } from '../stats/coarseHistogram';
import { occupiedBins } from '../stats/histogram';
import { rankByPercentile, type RankedPeak } from './rankByPercentile';
import { strongestNeurons } from './strongestNeurons';

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
export interface SelectionGround {
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
  ground: SelectionGround,
  signal: AbortSignal,
): Promise<Omit<SelectionAnswer, 'seconds'>> {
  const text = await ground.tokenizer.tokenize(question.text);
  const selected = tokensAt(text, question.start, question.end);
  const range = { first: selected.first, end: Math.min(selected.end, selected.first + LONGEST_SELECTION) };
  if (range.first === range.end) {
    throw new LensError('usage', 'There is no token in the selection. Select some text, then ask again.');
  }
  const activations = await activationsOfRange(text, range, ground.run, signal);
  const candidates = strongestNeurons(activations, ground.backgrounds, CANDIDATES);
  const ranked = await rankByPercentile(candidates, ground.backgrounds);
  const first = text.starts[range.first]!;
  const rows = await Promise.all(
    ranked.slice(0, question.rows).map((peak) => rowOf(peak, activations, ground.backgrounds)),
  );
  return {
    source: question.source,
    text: question.text.slice(first, text.ends[range.end - 1]),
    tokens: Array.from({ length: range.end - range.first }, (_, token) => ({
      start: text.starts[range.first + token]! - first,
      end: text.ends[range.first + token]! - first,
    })),
    tokensLeftOut: selected.end - range.end,
    model: ground.model,
    quantity: ground.run.model.outputs[0]!.quantity,
    background: ground.profile,
    neurons: ground.backgrounds.reduce((sum, { site }) => sum + site.dFf, 0),
    rows,
  };
}

async function rowOf(
  peak: RankedPeak,
  activations: readonly RangeActivations[],
  backgrounds: readonly SiteBackground[],
): Promise<SelectionRow> {
  const { site, values } = activations[peak.output]!;
  const histogram = await backgrounds[peak.output]!.histogram(peak.neuron);
  const { edges, counts } = coarsenHistogram(occupiedBins(histogram));
  const column = Array.from(
    { length: values.length / site.dFf },
    (_, row) => values[row * site.dFf + peak.neuron]!,
  );
  return {
    id: formatNeuron({ ...site, neuron: peak.neuron }),
    peak: peak.token,
    value: peak.value,
    percentile: peak.percentile,
    values: column.map((value) => (Number.isNaN(value) ? null : value)),
    background: { min: histogram.min, max: histogram.max, edges, counts },
  };
}
