import * as v from 'valibot';
import { LensError } from '../../common/errors';
import { ConceptsTree } from './conceptsTree';
import { CONCEPTS_FILE, flagsOf, type FileLabel, type FileLabels } from './ownConcept';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const place = v.strictObject({
  file: v.string(),
  record: v.optional(count),
  start: count,
  end: count,
  text: v.optional(v.string()),
  /** What stands right before and behind it: where it is looked for once the file was edited. */
  before: v.optional(v.string()),
  after: v.optional(v.string()),
});
const concept = v.strictObject({
  regex: v.optional(v.string()),
  words: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  /** A table of labels, from the workspace's folder, or `COLUMN=VALUE`. */
  labels: v.optional(v.string()),
  examples: v.optional(v.array(place), []),
  counterExamples: v.optional(v.array(place), []),
});
const exceptions = v.strictObject({
  examples: v.optional(v.array(place), []),
  counterExamples: v.optional(v.array(place), []),
});
/** What media/concepts.schema.json tells editors of the file. */
const conceptsFile = v.strictObject({
  $schema: v.optional(v.string()),
  version: v.literal(1),
  /** By the name of a concept that stands elsewhere: where its labels are wrong. */
  exceptions: v.optional(v.record(v.string(), exceptions), {}),
  concepts: v.custom<object>(
    (concepts) => typeof concepts === 'object' && concepts !== null && !Array.isArray(concepts),
    'Invalid type: Expected Object',
  ),
});

/** A stretch of a file that carries a concept, or does not, as it is written down. */
export type MarkedPlace = v.InferOutput<typeof place>;

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
  /** Of its name in the file, from 1. */
  readonly line: number;
}

/** What is wrong in the file, and where. */
export interface ConceptsFault {
  /** From 1. */
  readonly line: number;
  /** UTF-16 units of the file's text, `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** A clause without a full stop. */
  readonly reason: string;
  /** The concept that is left out; null where none of the file can be read. */
  readonly concept: string | null;
}

/** Where the labels of a concept that stands elsewhere are wrong: what carries it all the same, and what does not. */
export type SavedExceptions = Pick<SavedConcept, 'name' | 'examples' | 'counterExamples'>;

/** The file as far as it can be read. */
export interface ConceptsFile {
  readonly concepts: readonly SavedConcept[];
  readonly exceptions: readonly SavedExceptions[];
  readonly faults: readonly ConceptsFault[];
}

/** `.neuron-lens/concepts.json, line 4: "a" needs a regex, words, labels or examples.` */
export function faultSentence({ line, reason }: Pick<ConceptsFault, 'line' | 'reason'>): string {
  return `${CONCEPTS_FILE}, line ${line}: ${reason}.`;
}

/** The concepts of a workspace: JSON, in which comments may stand. A concept with a fault is left out, the others are read. */
export function readConceptsFile(text: string): ConceptsFile {
  const tree = new ConceptsTree(text);
  if (tree.fault) return { concepts: [], exceptions: [], faults: [{ ...tree.fault, concept: null }] };
  const read = v.safeParse(conceptsFile, tree.value([]));
  if (!read.success) {
    const [issue] = read.issues;
    const path = pathOf(issue);
    const reason = `${path.join('.') || 'the file'}: ${issue.message}`;
    return { concepts: [], exceptions: [], faults: [{ ...tree.placeOf(path), reason, concept: null }] };
  }
  const concepts: SavedConcept[] = [];
  const faults: ConceptsFault[] = [];
  const names = new Set<string>();
  for (const entry of tree.concepts()) {
    const twice = names.has(entry.name) ? `"${entry.name}" is given twice` : null;
    names.add(entry.name);
    const saved = twice === null ? conceptOf(entry) : { path: [], reason: twice };
    if ('found' in saved) concepts.push(saved);
    else faults.push({ ...entry.placeOf(saved.path), reason: saved.reason, concept: entry.name });
  }
  const excepted = Object.entries(read.output.exceptions).map(([name, marked]): SavedExceptions => {
    const labels = (kind: keyof typeof marked) =>
      labelsOf(marked[kind], (at) => tree.placeOf(['exceptions', name, kind, String(at)]).line);
    return { name, examples: labels('examples'), counterExamples: labels('counterExamples') };
  });
  return { concepts, exceptions: excepted, faults };
}

/** What is wrong with a concept, at a path within it. */
interface Wrong {
  readonly path: readonly string[];
  readonly reason: string;
}

function conceptOf({
  name,
  value,
  placeOf,
}: ReturnType<ConceptsTree['concepts']>[number]): SavedConcept | Wrong {
  const read = v.safeParse(concept, value);
  if (!read.success) {
    const [issue] = read.issues;
    const path = pathOf(issue);
    return { path, reason: `${['concepts', name, ...path].join('.')}: ${issue.message}` };
  }
  const { regex, words, labels, examples, counterExamples } = read.output;
  const ways = [regex, words, labels].filter((way) => way !== undefined).length;
  if (ways > 1) return { path: [], reason: `"${name}" has more than one of regex, words and labels` };
  if (ways === 0 && examples.length === 0) {
    return { path: [], reason: `"${name}" needs a regex, words, labels or examples` };
  }
  if (regex !== undefined) {
    try {
      flagsOf(regex, `the expression of "${name}"`);
    } catch (thrown) {
      if (!(thrown instanceof LensError)) throw thrown;
      return { path: ['regex'], reason: thrown.message.replace(/\.$/, '') };
    }
  }
  const found: SavedConcept['found'] =
    regex !== undefined
      ? { by: 'regex', pattern: regex }
      : words !== undefined
        ? { by: 'words', words }
        : labels !== undefined
          ? { by: 'labels', asked: labels }
          : { by: 'examples' };
  const marked = (field: 'examples' | 'counterExamples', places: readonly MarkedPlace[]) =>
    labelsOf(places, (at) => placeOf([field, String(at)]).line);
  return {
    name,
    found,
    examples: marked('examples', examples),
    counterExamples: marked('counterExamples', counterExamples),
    line: placeOf([]).line,
  };
}

function labelsOf(places: readonly MarkedPlace[], lineOf: (place: number) => number): FileLabels {
  const labels = new Map<string, FileLabel[]>();
  places.forEach(({ file, record = null, start, end, text, before, after }, at) => {
    const span = { start, end };
    const label: FileLabel = {
      ...{ record, part: { kind: 'span', span }, text, line: lineOf(at) },
      ...((before !== undefined || after !== undefined) && { around: [before ?? '', after ?? ''] as const }),
    };
    const known = labels.get(file);
    if (known) known.push(label);
    else labels.set(file, [label]);
  });
  return labels;
}

function pathOf({ path }: v.BaseIssue<unknown>): string[] {
  return (path ?? []).map(({ key }) => String(key));
}
