import { LensError } from '../../common/errors';
import type { TextSpan } from '../../text/textSpan';
import type { Concept } from '../concept';

/** Where a workspace keeps its concepts, from its folder: to be read by people and shared with them. */
export const CONCEPTS_FILE = '.neuron-lens/concepts.json';

/** What was marked by hand: it carries a concept, or does not, whatever the concept is found by. */
export interface Marked {
  readonly examples?: FileLabels;
  readonly counterExamples?: FileLabels;
}

/** A concept of the user's own, as it is asked for. */
export type OwnConcept = Marked & { readonly name: string } & (
    | { readonly kind: 'regex'; readonly pattern: string }
    | { readonly kind: 'words'; readonly words: readonly string[] }
    | {
        readonly kind: 'labels';
        readonly source: 'labels' | 'conllu' | 'editor' | 'git';
        /** What the labels were read from, as it is shown. */
        readonly pattern: string;
        readonly labels: FileLabels;
      }
  );

/** Labels of the files of a corpus, by the file's name. */
export type FileLabels = ReadonlyMap<string, readonly FileLabel[]>;

/** A part of a file that carries a label. */
export interface FileLabel {
  /** Record of a structured file; null for a plain file, or for all of its records. */
  readonly record: number | null;
  /** `[start, end)` in UTF-16 units of the file's or record's text, or whole lines of the file, or all of it. */
  readonly part:
    | { readonly kind: 'span'; readonly span: TextSpan }
    | { readonly kind: 'lines'; readonly first: number; readonly last: number }
    | { readonly kind: 'document' };
  /** What the span is said to read: where it reads otherwise, the label does not align. */
  readonly text?: string | undefined;
  /** What stands right before and behind it: with these the text is looked for where it has moved. */
  readonly around?: readonly [before: string, after: string];
  /** Line of the label in its own file. */
  readonly line: number;
}

export function conceptOf(own: OwnConcept): Concept {
  const { name } = own;
  if (own.kind === 'regex') return { name, family: 'own', source: 'regex', pattern: own.pattern };
  if (own.kind === 'words') return { name, family: 'own', source: 'words', pattern: own.words.join(', ') };
  const { source, pattern } = own;
  return { name, family: source === 'editor' || source === 'git' ? source : 'own', source, pattern };
}

/**
 * The flags that an expression is read with: by Unicode characters, or by UTF-16 units where only that is valid.
 * @param where begins the sentence, such as `--regex digits`
 * @throws LensError `usage` for what is no regular expression
 */
export function flagsOf(pattern: string, where: string): string {
  for (const flags of ['gmu', 'gm']) {
    try {
      return new RegExp(pattern, flags).flags;
    } catch (error) {
      if (flags === 'gmu') continue;
      const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
      throw new LensError('usage', `${where} is no regular expression: ${reason}.`, { cause: error });
    }
  }
  return 'gm';
}
