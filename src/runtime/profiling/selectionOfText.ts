import { partAt } from '../../core/text/parts';
import { answerSelection } from '../../core/selection/answerSelection';
import type { SelectionAnswer } from '../../core/selection/selectionAnswer';
import type { ProfileGround } from './profileGround';

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
  ground: ProfileGround,
  signal: AbortSignal,
): Promise<SelectionAnswer> {
  const started = performance.now();
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const source =
    file === null
      ? null
      : { file, start, end, firstLine: lineOf(start), lastLine: lineOf(Math.max(start, end - 1)) };
  const { manifest } = ground.profile;
  const part = partOfRange(text, start, end);
  const answer = await answerSelection(
    {
      text: text.slice(part.start, part.end),
      start: start - part.start,
      end: end - part.start,
      source,
      rows,
    },
    {
      run: ground.run,
      tokenizer: ground.tokenizer,
      backgrounds: ground.backgrounds,
      model: manifest.model.id,
      profile: { profile: ground.folder, tokens: manifest.corpus.tokens },
    },
    signal,
  );
  return { ...answer, seconds: (performance.now() - started) / 1000 };
}

/** The part of a long text that a profile has as a document of its own; the whole where the range is in several. */
function partOfRange(text: string, start: number, end: number): { start: number; end: number } {
  const part = partAt(text, start);
  return end <= part.end ? part : { start: 0, end: text.length };
}
