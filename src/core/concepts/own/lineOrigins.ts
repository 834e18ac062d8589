import { FILE_START, Places } from '../../text/places';
import type { TextLabels } from './textLabels';
import { LabelSpans } from './textLabels';

/** Where a line of a file comes from; both null where it is not committed. */
export interface LineOrigin {
  readonly author: string | null;
  /** When it was written, in seconds since 1970. */
  readonly seconds: number | null;
}

/** A file with the origin of each of its lines. */
export interface DatedFile {
  readonly file: string;
  readonly text: string;
  readonly lines: readonly LineOrigin[];
}

const DAY = 24 * 60 * 60;
/** Authors that are concepts: those of the most lines. */
const MOST_AUTHORS = 8;

/** By age, counted back from the newest line of all: so they stay what they are as time goes by. */
const AGES: readonly { readonly name: string; readonly days: number }[] = [
  { name: 'git: newest 30 days', days: 30 },
  { name: 'git: 30 days to a year older than the newest', days: 365 },
  { name: 'git: over a year older than the newest', days: Infinity },
];

/**
 * Concepts from the author and the age of each line. Files whose lines are counted otherwise by git, as where some end
 * with a carriage return alone, are left out.
 */
export function gitConcepts(files: readonly DatedFile[]): TextLabels[] {
  const spans = new LabelSpans('git', 'git blame');
  const counts = new Map<string, number>();
  let newest = 0;
  for (const { author, seconds } of files.flatMap(({ lines }) => lines)) {
    if (author !== null) counts.set(author, (counts.get(author) ?? 0) + 1);
    newest = Math.max(newest, seconds ?? 0);
  }
  const authors = new Set(
    [...counts]
      .sort((one, other) => other[1] - one[1])
      .slice(0, MOST_AUTHORS)
      .map(([author]) => author),
  );
  for (const { file, text, lines } of files) {
    const places = new Places(text, FILE_START);
    const last = places.end;
    if (lines.length !== (last.column === 1 ? last.line - 1 : last.line)) continue;
    lines.forEach(({ author, seconds }, at) => {
      const start = places.offsetOf({ line: at + 1, column: 1 });
      const end = at + 1 < lines.length ? places.offsetOf({ line: at + 2, column: 1 }) : text.length;
      if (author === null || seconds === null) {
        spans.add('git: not committed', file, start, end);
        return;
      }
      if (authors.has(author)) spans.add(`git author: ${author}`, file, start, end);
      const age = AGES.find(({ days }) => newest - seconds <= days * DAY);
      if (age) spans.add(age.name, file, start, end);
    });
  }
  return spans.labels();
}
