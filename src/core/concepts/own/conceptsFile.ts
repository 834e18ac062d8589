import * as v from 'valibot';
import { LensError } from '../../common/errors';
import { flagsOf, type FileLabel, type FileLabels } from './ownConcept';

/** Where a workspace keeps its concepts, from its folder: to be read by people and shared with them. */
export const CONCEPTS_FILE = '.neuron-lens/concepts.json';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const place = v.strictObject({
  file: v.string(),
  record: v.optional(count),
  start: count,
  end: count,
  text: v.optional(v.string()),
});
const concept = v.strictObject({
  regex: v.optional(v.string()),
  words: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  /** A table of labels, from the workspace's folder, or `COLUMN=VALUE`. */
  labels: v.optional(v.string()),
  examples: v.optional(v.array(place), []),
  counterExamples: v.optional(v.array(place), []),
});
/** What media/concepts.schema.json tells editors of the file. */
const conceptsFile = v.strictObject({
  $schema: v.optional(v.string()),
  version: v.literal(1),
  concepts: v.record(v.string(), concept),
});

/** A concept of the file: what it is found by, and what was marked by hand. */
export interface SavedConcept {
  readonly name: string;
  readonly found:
    | { readonly by: 'regex'; readonly pattern: string }
    | { readonly by: 'words'; readonly words: readonly string[] }
    | { readonly by: 'labels'; readonly asked: string }
    | { readonly by: 'examples' };
  readonly examples: FileLabels;
  readonly counterExamples: FileLabels;
}

/**
 * The concepts of a workspace.
 * @param file its name in sentences. @throws LensError `usage` with the line of what cannot be read
 */
export function readConceptsFile(file: string, text: string): SavedConcept[] {
  const fault = (line: number, reason: string) => new LensError('usage', `${file}, line ${line}: ${reason}.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw fault(lineOfSyntaxError(text, error), 'it is no JSON');
  }
  const read = v.safeParse(conceptsFile, json);
  if (!read.success) {
    const [issue] = read.issues;
    const path = (issue.path ?? []).map(({ key }) => String(key));
    throw fault(lineOfPath(text, path), `${path.join('.') || 'the file'}: ${issue.message}`);
  }
  return Object.entries(read.output.concepts).map(([name, { regex, words, labels, ...marked }]) => {
    const line = lineOfPath(text, ['concepts', name]);
    const ways = [regex, words, labels].filter((way) => way !== undefined).length;
    if (ways > 1) throw fault(line, `"${name}" has more than one of regex, words and labels`);
    if (ways === 0 && marked.examples.length === 0) {
      throw fault(line, `"${name}" needs a regex, words, labels or examples`);
    }
    if (regex !== undefined) flagsOf(regex, `${file}, line ${line}: the expression of "${name}"`);
    const found: SavedConcept['found'] =
      regex !== undefined
        ? { by: 'regex', pattern: regex }
        : words !== undefined
          ? { by: 'words', words }
          : labels !== undefined
            ? { by: 'labels', asked: labels }
            : { by: 'examples' };
    return {
      name,
      found,
      examples: labelsOf(marked.examples, line),
      counterExamples: labelsOf(marked.counterExamples, line),
    };
  });
}

function labelsOf(places: readonly v.InferOutput<typeof place>[], line: number): FileLabels {
  const labels = new Map<string, FileLabel[]>();
  for (const { file, record = null, start, end, text } of places) {
    const label: FileLabel = { record, part: { kind: 'span', span: { start, end } }, text, line };
    labels.set(file, [...(labels.get(file) ?? []), label]);
  }
  return labels;
}

function lineOfSyntaxError(text: string, error: unknown): number {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  // Without a position it is the end that is missing.
  return lineAt(text, position === undefined ? text.trimEnd().length : Number(position));
}

/** The line of the last key of a path that is found, each looked for behind the one before. */
function lineOfPath(text: string, path: readonly string[]): number {
  let at = 0;
  for (const key of path) {
    const found = text.indexOf(JSON.stringify(key), at);
    if (found >= 0) at = found;
  }
  return lineAt(text, at);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
