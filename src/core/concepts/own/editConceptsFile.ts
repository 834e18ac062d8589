import { applyEdits, modify, type FormattingOptions } from 'jsonc-parser';
import { LensError } from '../../common/errors';
import { faultSentence, readConceptsFile, type MarkedPlace } from './conceptsFile';
import { ConceptsTree } from './conceptsTree';
import { CONCEPTS_FILE } from './ownConcept';

/** What a concept is found by, as the file says it. */
export type ConceptDefinition =
  { readonly regex: string } | { readonly words: readonly string[] } | { readonly labels: string };

/** Whether places carry a concept, or do not. */
export type MarkKind = 'examples' | 'counterExamples';

/** The file before a concept is in it. */
const EMPTY = '{\n  "version": 1,\n  "concepts": {}\n}\n';

/**
 * The text of concepts.json with one more concept; all else of it, comments too, stays as it is.
 * @param text null where there is no file yet.
 * @throws LensError `usage` where the file cannot be read, or has a concept of this name
 */
export function addConcept(text: string | null, name: string, definition: ConceptDefinition): string {
  const before = withConcepts(text);
  if (namesIn(before).includes(name)) {
    throw new LensError('usage', `There is a concept "${name}" already. Choose another name.`);
  }
  return requireWhole(edited(before, ['concepts', name], definition), name);
}

/**
 * The text of concepts.json with further places of a concept, which is begun where there is none of its name. Places
 * that stand there are not written again; all else, comments too, stays as it is.
 * @param text null where there is no file yet.
 * @throws LensError `usage` where the file or the concept cannot be read, or counter-examples alone would make one
 */
export function addPlaces(
  text: string | null,
  name: string,
  kind: MarkKind,
  places: readonly MarkedPlace[],
): string {
  const before = withConcepts(text);
  if (namesIn(before).includes(name)) requireWhole(before, name);
  return requireWhole(withPlaces(before, ['concepts', name, kind], places), name);
}

/**
 * The text of concepts.json with a place where the label of a concept is wrong: with the concept itself where it stands
 * there, else among the exceptions.
 * @param text null where there is no file yet. @throws LensError as `addPlaces`
 */
export function addException(text: string | null, name: string, kind: MarkKind, place: MarkedPlace): string {
  const before = withConcepts(text);
  if (namesIn(before).includes(name)) return addPlaces(text, name, kind, [place]);
  return withPlaces(before, ['exceptions', name, kind], [place]);
}

/** @param path of the list that they go to. */
function withPlaces(before: string, path: string[], places: readonly MarkedPlace[]): string {
  const known = new ConceptsTree(before).value(path);
  if (!Array.isArray(known)) return edited(before, path, places);
  const keys = new Set(known.map(keyOf));
  const further = places.filter((place) => !keys.has(keyOf(place)));
  return further.reduce((written, place) => edited(written, [...path, -1], place), before);
}

/** The names of all concepts of the file, of those with a fault too. */
export function namesIn(text: string): string[] {
  return new ConceptsTree(text).concepts().map(({ name }) => name);
}

/** The text of concepts.json as it can be written in: that of an empty one where there is none. @throws LensError as `addConcept` */
export function withConcepts(text: string | null): string {
  const before = text === null || text.trim() === '' ? EMPTY : text;
  const whole = readConceptsFile(before).faults.find(({ concept }) => concept === null);
  if (whole) throw new LensError('usage', `${faultSentence(whole)} Mend it first: nothing was written.`);
  return before;
}

/** @throws LensError where the concept has a fault */
function requireWhole(text: string, name: string): string {
  const fault = readConceptsFile(text).faults.find(({ concept }) => concept === name);
  if (!fault) return text;
  throw new LensError(
    'usage',
    `"${name}" in ${CONCEPTS_FILE} would not do: ${fault.reason}. Nothing was written.`,
  );
}

function edited(text: string, path: (string | number)[], value: unknown): string {
  const isArrayInsertion = path.at(-1) === -1;
  return applyEdits(text, modify(text, path, value, { isArrayInsertion, formattingOptions: styleOf(text) }));
}

/** Indents and ends of lines as the file has them. */
function styleOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

function keyOf({ file, record, start, end }: MarkedPlace): string {
  return JSON.stringify([file, record ?? null, start, end]);
}
