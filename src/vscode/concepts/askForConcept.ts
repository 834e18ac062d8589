import { InputBoxValidationSeverity, window, type InputBoxValidationMessage } from 'vscode';
import { LensError } from '../../core/common/errors';
import { formatCount } from '../../core/common/numberFormat';
import { starterSet } from '../../core/concepts/labels/starterSet';
import type { ConceptDefinition } from '../../core/concepts/own/editConceptsFile';
import { findWords } from '../../core/concepts/own/findWords';
import { labelTable } from '../../core/concepts/own/labelTable';
import { flagsOf } from '../../core/concepts/own/ownConcept';
import { treebankLabels, treebankQuestion } from '../../core/concepts/own/treebankLabels';
import { SLICE_LENGTH } from '../../core/text/slices';
import { readText } from '../../runtime/files/readText';
import { LanguageThread } from '../../runtime/language/languageThread';
import { nameIn } from '../places/corpusRoots';
import { askForText, pick } from '../surfaces/picks';
import type { ConceptsHome } from './ownConcepts';

/** While one types an expression, one that does not come to an end is given up after this, in milliseconds. */
const LONGEST_SEARCH = 1_000;

/** A concept that the reader has thought of. */
export interface AskedConcept {
  readonly name: string;
  readonly definition: ConceptDefinition;
}

const WAYS = [
  { label: 'Regular expression', icon: 'regex', description: 'such as \\d{4}', way: 'regex' },
  { label: 'Word list', icon: 'list-unordered', description: 'words and phrases', way: 'words' },
  {
    label: 'Labels from CSV or JSONL',
    icon: 'table',
    description: 'spans, lines or documents',
    way: 'labels',
  },
  {
    label: 'CoNLL-U column or feature',
    icon: 'type-hierarchy',
    description: 'such as upos=NOUN',
    way: 'conllu',
  },
] as const;

/**
 * Asks for a new concept: its name, what it is found by, and that, with the matches in the open editor as one types.
 * @param languageProgram path of the bundled languageWorker.ts.
 * @returns null when the reader leaves off
 */
export async function askForConcept(
  home: ConceptsHome,
  taken: readonly string[],
  languageProgram: string,
): Promise<AskedConcept | null> {
  const name = await askForName('New concept', taken);
  if (name === null) return null;
  const chosen = await pick(WAYS, { title: `What is "${name}" found by?` });
  if (!chosen) return null;
  const definition = await DEFINITIONS[chosen.way](name, home, languageProgram);
  return definition && { name, definition };
}

/** Asks for the name of a concept. @returns null when the reader leaves off */
export async function askForName(title: string, taken: readonly string[]): Promise<string | null> {
  const starter = new Set(starterSet([]).flatMap(({ concepts }) => concepts.map((concept) => concept.name)));
  const text = await askForText({
    title,
    prompt: 'Name of the concept, such as money',
    validateInput: (typed) => {
      const name = typed.trim();
      if (name === '') return 'Type a name.';
      if (taken.includes(name)) return `There is a concept "${name}" already.`;
      return starter.has(name) ? `"${name}" is a concept of the starter set. Choose another name.` : null;
    },
  });
  return text?.trim() ?? null;
}

type AskDefinition = (
  name: string,
  home: ConceptsHome,
  languageProgram: string,
) => Promise<ConceptDefinition | null>;

const DEFINITIONS: Readonly<Record<(typeof WAYS)[number]['way'], AskDefinition>> = {
  regex: askForExpression,
  words: askForWords,
  labels: chooseTable,
  conllu: askForColumn,
};

async function askForExpression(
  name: string,
  _: ConceptsHome,
  languageProgram: string,
): Promise<ConceptDefinition | null> {
  const labellers = new LanguageThread(languageProgram, LONGEST_SEARCH, LONGEST_SEARCH);
  try {
    const regex = await askForText({
      title: name,
      prompt: 'A regular expression of JavaScript; ^ and $ stand for the ends of lines',
      validateInput: async (typed) => {
        if (typed === '') return 'Type an expression.';
        const flags = flagsOrRefusal(typed);
        if ('refusal' in flags) return flags.refusal;
        const text = openText();
        if (text === null) return null;
        const found = await labellers.search(text, typed, flags.flags);
        if (found === null) return 'This expression does not come to an end in time on the open text.';
        return matches(found.filter(({ start, end }) => end > start).length);
      },
    });
    return regex === undefined ? null : { regex };
  } finally {
    await labellers.end();
  }
}

function flagsOrRefusal(pattern: string): { readonly flags: string } | { readonly refusal: string } {
  try {
    return { flags: flagsOf(pattern, 'This') };
  } catch (thrown) {
    if (!(thrown instanceof LensError)) throw thrown;
    return { refusal: thrown.message };
  }
}

async function askForWords(name: string): Promise<ConceptDefinition | null> {
  const typed = await askForText({
    title: name,
    prompt: 'Words and phrases with commas between, such as not, never, no longer',
    validateInput: (text) => {
      const words = wordsOf(text);
      if (words.length === 0) return 'Type a word.';
      const open = openText();
      return open === null ? null : matches(findWords(open, words).length);
    },
  });
  return typed === undefined ? null : { words: wordsOf(typed) };
}

function wordsOf(typed: string): string[] {
  return [...new Set(typed.split(',').map((word) => word.trim()))].filter((word) => word !== '');
}

/** @throws LensError with the line of what cannot be read in the table, or where it has labels of other names only */
async function chooseTable(name: string, { root }: ConceptsHome): Promise<ConceptDefinition | null> {
  const [chosen] =
    (await window.showOpenDialog({
      title: 'A table of labels: columns file, start, end or line, label',
      openLabel: 'Use Labels',
      filters: { Labels: ['csv', 'jsonl', 'ndjson'] },
    })) ?? [];
  if (!chosen) return null;
  const path = chosen.fsPath;
  const concepts = labelTable(path, await readText(path, new AbortController().signal, () => undefined));
  if (concepts.length > 1 && concepts.every((concept) => concept.name !== name)) {
    const labels = concepts.map((concept) => concept.name).join(', ');
    throw new LensError('usage', `${path} has several labels, and none is called "${name}": ${labels}.`);
  }
  return { labels: nameIn(root, path) ?? path };
}

async function askForColumn(name: string): Promise<ConceptDefinition | null> {
  const labels = await askForText({
    title: name,
    prompt: 'A column of CoNLL-U or a feature, and its value: upos=NOUN, Number=Plur',
    validateInput: async (typed) => {
      const question = treebankQuestion(typed);
      if (!question) return 'Type a column or feature, = and its value, such as upos=NOUN.';
      const { document } = window.activeTextEditor ?? {};
      if (!document?.fileName.toLowerCase().endsWith('.conllu')) return null;
      const text = async function* () {
        yield await Promise.resolve(document.getText());
      };
      return matches((await treebankLabels(text(), question)).length);
    },
  });
  return labels === undefined ? null : { labels };
}

/** The text that is open, as much of it as is searched while one types; null where none is. */
function openText(): string | null {
  return window.activeTextEditor?.document.getText().slice(0, SLICE_LENGTH) ?? null;
}

/** What is said while one types, and holds nobody up. */
function matches(count: number): InputBoxValidationMessage {
  const places = count === 1 ? '1 match' : `${formatCount(count)} matches`;
  return { message: `${places} in the open editor`, severity: InputBoxValidationSeverity.Info };
}
