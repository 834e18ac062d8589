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

/**
 * The column that holds the text: the one asked for, else one of a usual name in any case, else the only one.
 * @throws LensError `unsupported-text` with the columns that there are.
 */
export function chooseTextField(columns: readonly string[], wanted: string | null): string {
  const found =
    wanted === null
      ? (USUAL_NAMES.flatMap((name) => columns.filter((column) => column.trim().toLowerCase() === name))[0] ??
        (columns.length === 1 ? columns[0] : undefined))
      : columns.find((column) => column === wanted);
  if (found !== undefined) return found;
  const listed = columns.slice(0, MOST_LISTED).join(', ') + (columns.length > MOST_LISTED ? ', …' : '');
  throw new LensError(
    'unsupported-text',
    `${wanted === null ? 'none of its columns has a name that says “text”' : `it has no column “${wanted}”`}; its columns are ${listed}: name the one that holds the text (--text-field)`,
  );
}
