import type { Concept } from '../concept';
import type { LabelFamily } from './family';
import { fileTypeOf } from './fileType';
import { textLanguageOf } from './textLanguage';

/** Values of one property that become concepts: the commonest. */
const MOST_VALUES = 8;

/** What a document is: its file's type and folder, and the language of its text. */
export class DocumentFamily implements LabelFamily {
  readonly concepts: readonly Concept[];

  /** @param files of the documents, one entry a document: types and folders that all share tell nothing and are left out. */
  constructor(files: readonly string[]) {
    const names = [typeNameOf, folderNameOf].flatMap((nameOf) => commonest(files.map(nameOf)));
    this.concepts = [...names, ...LANGUAGES.map(languageName)].map((name) => ({
      name,
      family: 'documents',
      source: 'text',
    }));
  }

  find(
    { file, text }: Parameters<LabelFamily['find']>[0],
    findings: Parameters<LabelFamily['find']>[1],
  ): void {
    const language = textLanguageOf(text);
    for (const name of [typeNameOf(file), folderNameOf(file), language && languageName(language)]) {
      if (name !== null) findings.span(name, 0, text.length);
    }
  }
}

/** Languages that corpora are commonly mixed of. */
const LANGUAGES = ['English', 'German', 'French', 'Spanish', 'Chinese'];

const languageName = (language: string): string => `text in ${language}`;

function typeNameOf(file: string): string | null {
  const { extension } = fileTypeOf(file, null);
  return extension === null ? null : `files .${extension}`;
}

function folderNameOf(file: string): string | null {
  const folder = /^([^/]+)\//.exec(file)?.[1];
  return folder === undefined ? null : `folder ${folder}`;
}

function commonest(names: readonly (string | null)[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count < names.length)
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .slice(0, MOST_VALUES)
    .map(([name]) => name);
}
