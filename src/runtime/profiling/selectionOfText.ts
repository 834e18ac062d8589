import { sliceAt } from '../../core/text/slices';
import { answerSelection } from '../../core/selection/answerSelection';
import type { SelectionAnswer } from '../../core/selection/selectionAnswer';
import type { ProfiledModel } from './profiledModel';

/** A selection in a file's text, or a text of its own. */
export interface TextSelection {
  readonly text: string;
  /** UTF-16 range. */
  readonly start: number;
  readonly end: number;
  /** As shown; null for a text without a file. */
  readonly file: string | null;
  readonly rows: number;
}

/** Which neurons answer to the selection, against the profile's background. */
export async function selectionOfText(
  { text, start, end, file, rows }: TextSelection,
  profiled: ProfiledModel,
  signal: AbortSignal,
): Promise<SelectionAnswer> {
  const started = performance.now();
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const source =
    file === null
      ? null
      : { file, start, end, firstLine: lineOf(start), lastLine: lineOf(Math.max(start, end - 1)) };
  const { manifest } = profiled.profile;
  const slice = sliceOfRange(text, start, end);
  const answer = await answerSelection(
    {
      text: text.slice(slice.start, slice.end),
      start: start - slice.start,
      end: end - slice.start,
      source,
      rows,
    },
    {
      run: profiled.run,
      tokenizer: profiled.tokenizer,
      backgrounds: profiled.backgrounds,
      model: manifest.model.id,
      profile: { profile: profiled.folder, tokens: manifest.corpus.tokens },
    },
    signal,
  );
  return { ...answer, seconds: (performance.now() - started) / 1000 };
}

/** The slice of a long text that a profile has as a document of its own; the whole where the range is in several. */
function sliceOfRange(text: string, start: number, end: number): { start: number; end: number } {
  const slice = sliceAt(text, start);
  return end <= slice.end ? slice : { start: 0, end: text.length };
}
