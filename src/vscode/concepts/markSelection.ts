import { window, type TextEditor } from 'vscode';
import { LensError, toLensError } from '../../core/common/errors';
import { formatCount } from '../../core/common/numberFormat';
import { readConceptsFile, type MarkedPlace } from '../../core/concepts/own/conceptsFile';
import { addPlaces, namesIn, type MarkKind } from '../../core/concepts/own/editConceptsFile';
import { markPlaces } from '../../core/concepts/own/markPlaces';
import { chooseFormat } from '../../core/text/formats/chooseFormat';
import { readText } from '../../runtime/files/readText';
import type { Services } from '../lens';
import { nameIn } from '../places/corpusRoots';
import { pick } from '../surfaces/picks';
import { askForName } from './askForConcept';
import { editConcepts, homeOf, readConceptsText, type ConceptsHome } from './ownConcepts';

/** What was marked: the concept, how many places, and where they are kept. */
export interface MarkedSelection {
  readonly concept: string;
  readonly places: number;
  readonly home: ConceptsHome;
}

/**
 * Keeps what is selected in the editor, all of several selections, as places that carry a concept or do not.
 * @returns null when the reader leaves off. @throws LensError where nothing is selected, or the file cannot be changed
 */
export async function markSelection(
  lens: Services<'context' | 'current'>,
  kind: MarkKind,
): Promise<MarkedSelection | null> {
  const editor = window.activeTextEditor;
  if (!editor || editor.selections.every(({ isEmpty }) => isEmpty)) {
    throw new LensError('usage', 'Select some text in an editor first.');
  }
  const { uri } = editor.document;
  if (uri.scheme !== 'file') {
    throw new LensError(
      'usage',
      `${uri.toString(true)} is no file on this machine, so a profile cannot hold it. Save it first.`,
    );
  }
  const home = homeOf(lens, uri.fsPath);
  const places = await placesOf(editor, nameIn(home.root, uri.fsPath) ?? uri.fsPath);
  if (places.length === 0) {
    throw new LensError(
      'usage',
      'What is selected is no part of the text that a profile reads of this file. Select some of its text.',
    );
  }
  const concept = await chooseConcept(home, kind);
  if (concept === null) return null;
  await editConcepts(home, (text) => addPlaces(text, concept, kind, places));
  return { concept, places: places.length, home };
}

/** As a profile reads the file; where it has changes that are not saved, of the text as it is in the editor. */
async function placesOf({ document, selections }: TextEditor, file: string): Promise<MarkedPlace[]> {
  const ignored = () => undefined;
  const text = document.isDirty
    ? document.getText()
    : await readText(document.uri.fsPath, new AbortController().signal, ignored);
  const open = async function* () {
    yield await Promise.resolve(text);
  };
  const place = ({ line, character }: { line: number; character: number }) => ({
    line: line + 1,
    column: character + 1,
  });
  const ranges = selections
    .filter(({ isEmpty }) => !isEmpty)
    .map(({ start, end }) => ({ from: place(start), to: place(end) }));
  try {
    return await markPlaces(file, await chooseFormat(file, open, null), text, ranges);
  } catch (thrown) {
    throw new LensError('unsupported-text', `${file}: ${toLensError(thrown).message}`, { cause: thrown });
  }
}

/** @returns the name of a concept that is there or of a new one; null when the reader leaves off */
async function chooseConcept(home: ConceptsHome, kind: MarkKind): Promise<string | null> {
  const text = (await readConceptsText(home)) ?? '';
  const names = namesIn(text);
  const read = readConceptsFile(text).concepts;
  const countOf = (name: string): string => {
    const concept = read.find((saved) => saved.name === name);
    const places = [...(concept?.[kind].values() ?? [])].reduce((sum, { length }) => sum + length, 0);
    return `${formatCount(places)} ${kind === 'examples' ? 'examples' : 'counter-examples'}`;
  };
  const title = kind === 'examples' ? 'Example of…' : 'Counter-example of…';
  if (names.length === 0 && kind === 'examples') return askForName(title, names);
  const lines = names.map((name) => ({ label: name, icon: 'tag', description: countOf(name), name }));
  const begun = { label: 'New concept…', icon: 'add', name: null };
  if (kind === 'counterExamples' && names.length === 0) {
    throw new LensError(
      'usage',
      'There is no concept of yours yet to be told what is none of it. Add an example first, or choose "New Concept…".',
    );
  }
  const chosen = await pick(kind === 'examples' ? [...lines, begun] : lines, { title });
  return chosen && (chosen.name ?? (await askForName(title, names)));
}
