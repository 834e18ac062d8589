import { paragraphsOf, sentencesOf } from '../../text/sentences';
import type { Concept } from '../concept';
import type { LabelFamily } from './family';
import type { Findings } from './findings';
import type { LabelText } from './labelText';

/** Tokens of a window from its first on that count as its beginning. */
const WINDOW_START = 16;
/** Units of white space from which a line counts as indented deeply. */
const DEEP = 8;

const name = (of: string): Concept => ({ name: of, family: 'place', source: 'tokens' });

/** Where in a text, a line or a window a token stands. */
export const place: LabelFamily = {
  concepts: [
    name('first token of a line'),
    name('last token of a line'),
    name('first token of a sentence'),
    name('first token of a paragraph'),
    name('first token of a document'),
    name('beginning of a window'),
    { name: 'indented lines', family: 'place', source: 'text' },
    { name: 'deeply indented lines', family: 'place', source: 'text' },
  ],
  find(document, findings) {
    findLines(document, findings);
    const { text } = document;
    const sentences = [...sentencesOf(text)];
    for (const token of firstTokensFrom(
      document,
      sentences.map(({ start }) => start),
    )) {
      findings.token('first token of a sentence', token);
    }
    const paragraphs = [...paragraphsOf(text)].map(({ start }) => start);
    for (const token of firstTokensFrom(document, paragraphs))
      findings.token('first token of a paragraph', token);
    if (document.tokens.ids.length > 0) findings.token('first token of a document', 0);
    document.windowPositions.forEach((position, token) => {
      if (position < WINDOW_START) findings.token('beginning of a window', token);
    });
  },
};

function findLines(document: LabelText, findings: Findings): void {
  const { text } = document;
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { index, 0: line } of text.matchAll(/[^\n\r]+/g)) {
    const indent = /^[ \t]*/.exec(line)![0];
    if (indent.length === line.length) continue;
    starts.push(index);
    ends.push(index + line.trimEnd().length - 1);
    const width = indent.length + 3 * (indent.split('\t').length - 1);
    if (width > 1) findings.span('indented lines', index + indent.length, index + line.length);
    if (width >= DEEP) findings.span('deeply indented lines', index + indent.length, index + line.length);
  }
  for (const token of firstTokensFrom(document, starts)) findings.token('first token of a line', token);
  for (const token of firstTokensFrom(document, ends)) findings.token('last token of a line', token);
}

/** For each offset (ascending) the first token at or behind it, or across it, that is not white space alone. */
function firstTokensFrom(
  { text, tokens: { starts, ends } }: LabelText,
  offsets: readonly number[],
): number[] {
  const found: number[] = [];
  let token = 0;
  for (const offset of offsets) {
    while (token < starts.length && (ends[token]! <= offset || isBlank(text, starts[token]!, ends[token]!)))
      token += 1;
    if (token < starts.length && found.at(-1) !== token) found.push(token);
  }
  return found;
}

function isBlank(text: string, start: number, end: number): boolean {
  return !/\S/.test(text.slice(start, end));
}
