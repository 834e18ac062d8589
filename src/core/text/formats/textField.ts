import { LensError } from '../../common/errors';

/** Names under which data sets keep their text, the likeliest first. */
const USUAL_NAMES = [
  'text',
  'content',
  'body',
  'sentence',
  'passage',
  'document',
  'article',
  'paragraph',
  'review',
  'comment',
  'message',
  'abstract',
  'story',
  'prompt',
];
const MOST_LISTED = 20;

/** The column or key that the usual names say holds the text, in any case. */
export function usualTextField(columns: readonly string[]): string | undefined {
  return USUAL_NAMES.flatMap((name) => columns.filter((column) => column.trim().toLowerCase() === name))[0];
}

/**
 * The column that holds the text: the one asked for, else one of a usual name, else the only one.
 * @throws LensError `unsupported-text` with the columns that there are.
 */
export function chooseTextField(columns: readonly string[], wanted: string | null): string {
  const only = columns.length === 1 ? columns[0] : undefined;
  const found = wanted === null ? (usualTextField(columns) ?? only) : columns.find((name) => name === wanted);
  if (found === undefined) throw noTextField(columns, wanted);
  return found;
}

/** The reason against a file where no text was found under any of its columns or keys. */
export function noTextField(columns: readonly string[], wanted: string | null): LensError {
  const listed = columns.slice(0, MOST_LISTED).join(', ') + (columns.length > MOST_LISTED ? ', …' : '');
  const missing =
    wanted === null ? 'none of its columns has a name that says “text”' : `it has no column “${wanted}”`;
  return new LensError(
    'unsupported-text',
    `${missing}; its columns are ${listed}: name the one that holds the text (--text-field)`,
  );
}
