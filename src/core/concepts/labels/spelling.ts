import type { Concept } from '../concept';
import type { LabelFamily } from './family';
import type { Findings } from './findings';
import type { LabelText } from './labelText';

/** A word: letters and digits, apostrophes within. */
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)*/gu;
const LONG_WORD = 9;

/** What the spelling of a word says, by the concept's name. */
const WORD_TESTS: Readonly<Record<string, (word: string) => boolean>> = {
  'capitalised words': (word) => /^\p{Lu}/u.test(word) && /\p{Ll}/u.test(word),
  'words in capitals': (word) => /^[\p{Lu}\p{N}'’]{2,}$/u.test(word) && /\p{Lu}/u.test(word),
  'long words': (word) => word.length >= LONG_WORD,
  'one-letter words': (word) => /^\p{L}$/u.test(word),
  'words in -ing': (word) => /^\p{L}{2,}ing$/iu.test(word),
  'words in -ed': (word) => /^\p{L}{2,}ed$/iu.test(word),
  'words in -ly': (word) => /^\p{L}{2,}ly$/iu.test(word),
  'words in -s': (word) => /^\p{L}{2,}[^\Ws]s$/iu.test(word),
  'words in -tion': (word) => /^\p{L}{2,}[ts]ions?$/iu.test(word),
};

/** Single characters, by the concept's name. */
const CHARACTERS: Readonly<Record<string, RegExp>> = {
  digits: /\p{Nd}+/gu,
  'full stops': /[.…。]+/gu,
  commas: /[,，、]/gu,
  'question and exclamation marks': /[?!？！]+/gu,
  'colons and semicolons': /[:;：；]/gu,
  dashes: /\p{Pd}+/gu,
  'quotation marks': /["“”„«»‹›‘`]|(?<![\p{L}\p{N}])['’]|['’](?![\p{L}\p{N}])/gu,
  'opening brackets': /[([{]/gu,
  'closing brackets': /[)\]}]/gu,
  symbols: /[\p{S}#%&*/\\@_]/gu,
};

const SIBLINGS: Readonly<Record<string, string>> = {
  'opening brackets': 'closing brackets',
  'closing brackets': 'opening brackets',
  'capitalised words': 'words in capitals',
  'words in capitals': 'capitalised words',
  commas: 'full stops',
  'full stops': 'commas',
};

const FIRST_PIECES = 'first piece of a word of several';
const LATER_PIECES = 'later piece of a word';
const AFTER_SPACE = 'after a space';

/** How words and characters are written. */
export const spelling: LabelFamily = {
  concepts: [
    ...[...Object.keys(WORD_TESTS), ...Object.keys(CHARACTERS)].map((name): Concept => ({
      name,
      family: 'spelling',
      source: 'text',
      ...(SIBLINGS[name] !== undefined && { sibling: SIBLINGS[name] }),
    })),
    ...[FIRST_PIECES, LATER_PIECES, AFTER_SPACE].map((name): Concept => ({
      name,
      family: 'spelling',
      source: 'tokens',
    })),
  ],
  find(document, findings) {
    const { text } = document;
    for (const { index, 0: word } of text.matchAll(WORD)) {
      for (const [name, holds] of Object.entries(WORD_TESTS)) {
        if (holds(word)) findings.span(name, index, index + word.length);
      }
    }
    for (const [name, expression] of Object.entries(CHARACTERS)) findings.matches(name, text, expression);
    findPieces(document, findings);
  },
};

/** A word's pieces: a piece is a later one where a letter or digit stands before it and it begins with one. */
function findPieces({ text, tokens }: LabelText, findings: Findings): void {
  let wasInWord = false;
  for (let token = 0; token < tokens.ids.length; token++) {
    const start = tokens.starts[token]!;
    const end = tokens.ends[token]!;
    const isLater = start > 0 && end > start && isInWord(text, start - 1) && isInWord(text, start);
    if (isLater) {
      findings.token(LATER_PIECES, token);
      if (!wasInWord) findings.token(FIRST_PIECES, token - 1);
    }
    wasInWord = isLater;
    const before = /\s/.test(text.charAt(start)) ? text.charAt(start) : text.charAt(start - 1);
    if (end > start && /[ \t\u00a0]/.test(before) && /\S/.test(text.slice(start, end)))
      findings.token(AFTER_SPACE, token);
  }
}

function isInWord(text: string, at: number): boolean {
  return /[\p{L}\p{M}\p{N}\ud800-\udfff]/u.test(text.charAt(at));
}
