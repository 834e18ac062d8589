import type { TextSpan } from '../../text/textSpan';
import type { Concept } from '../concept';
import type { LabelFamily } from './family';
import type { Findings } from './findings';
import { MARKUP_KINDS, type MarkupKind } from './labellers';

/** What stands in a text by its form. Every repetition is bounded or cannot begin within another one. */
const FORMS: Readonly<Record<string, RegExp>> = {
  URLs: /(?<![\p{L}\p{N}])(?:https?|ftp|file):\/\/[^\s<>"'`)\]}]+|(?<![\p{L}\p{N}.])www\.[^\s<>"'`)\]}]+/gu,
  'e-mail addresses': /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g,
  'file paths':
    /(?<![\p{L}\p{N}./\\:~-])(?:~|\.{1,2}|[A-Za-z]:)?(?:[/\\][\w.@+-]{1,100}){2,30}|(?<![\w./\\:-])[\w-]{1,60}(?:[/][\w-]{1,60}){0,20}[/][\w-]{1,60}\.[A-Za-z]\w{0,5}(?![\w/])/gu,
  dates:
    /(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)|(?<![\p{L}\p{N}])(?:\d{1,2}(?:st|nd|rd|th)? )?(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?) \d{1,4}(?:st|nd|rd|th)?(?:,? \d{4})?(?![\p{L}\p{N}])/gu,
  'times of day':
    /(?<![\d:.])\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\b\.?)?(?![\d:])|(?<![\d:.])\d{1,2} ?[ap]\.?m\b\.?|(?<![\p{L}\p{N}])\d{1,2} o['’]clock/giu,
  'numbers with a unit':
    /(?<![\p{L}\p{N}.,])\d{1,15}(?:[.,]\d{1,15}){0,6}(?: ?[-–] ?\d{1,15}(?:[.,]\d{1,15})?)?[  -]?(?:%|°[CF]?|[kcmµnp]?m|km|mi|ft|in|inch(?:es)?|feet|miles?|yards?|[kmµ]?g|tons?|lbs?|oz|pounds?|ounces?|m?l|lit(?:er|re)s?|gallons?|[munp]?s|secs?|seconds?|min|mins|minutes?|hrs?|hours?|days?|weeks?|months?|years?|[kKMGTP]?i?[bB]|bytes?|bits?|[kMG]?Hz|k?W|[km]?V|k?J|k?cal|px|em|rem|pt|dpi|percent|degrees?|tokens?|lines?|pages?|people|times)(?![\p{L}\p{N}])/gu,
  money:
    /[$€£¥₹]\s?\d{1,15}(?:[.,]\d{1,15}){0,6}(?: ?(?:million|billion|trillion|thousand|[kKmM]|[bB]n))?(?![\p{L}\p{N}])|(?<![\p{L}\p{N}.,])\d{1,15}(?:[.,]\d{1,15}){0,6} ?(?:(?:million|billion|thousand) )?(?:dollars?|euros?|cents?|pence|shillings?|francs?|USD|EUR|GBP|[€£¥])(?![\p{L}\p{N}])/gu,
};

const MARKUP: Readonly<Record<MarkupKind, string>> = {
  heading: 'headings',
  'list item': 'list items',
  link: 'links',
  table: 'tables',
  emphasis: 'emphasis',
  'inline code': 'inside backticks',
  'code block': 'code blocks',
  'block quote': 'block quotes',
};

const IN_QUOTES = 'inside quotation marks';
const BRACKETS: Readonly<Record<string, readonly [close: string, name: string]>> = {
  '(': [')', 'inside round brackets'],
  '[': [']', 'inside square brackets'],
  '{': ['}', 'inside curly brackets'],
};
const NESTED = 'inside nested brackets';

/** What encloses a token, and what it is part of by its form. */
export const enclosure: LabelFamily = {
  concepts: [IN_QUOTES, ...Object.values(BRACKETS).map(([, name]) => name), NESTED, ...Object.keys(FORMS)]
    .map((name): Concept => ({ name, family: 'enclosure', source: 'text' }))
    .concat(MARKUP_KINDS.map((kind) => ({ name: MARKUP[kind], family: 'enclosure', source: 'lezer' }))),
  find({ text, markup }, findings) {
    findQuotes(text, findings);
    findBrackets(text, findings);
    for (const [name, expression] of Object.entries(FORMS)) findings.matches(name, text, expression);
    for (const { kind, start, end } of markup) findings.span(MARKUP[kind], start, end);
  },
};

/** A quotation ends at the mark that closes it, and within its paragraph. */
function findQuotes(text: string, findings: Findings): void {
  const closes: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“”', '«': '»', '‘': '’' };
  let [opened, close] = [-1, ''];
  let lineIsBlank = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\n') {
      if (lineIsBlank) close = '';
      lineIsBlank = true;
    } else if (character.trim() !== '') lineIsBlank = false;
    if (close.includes(character) && !isApostrophe(text, at)) {
      findings.span(IN_QUOTES, opened + 1, at);
      close = '';
    } else if (close === '' && closes[character] !== undefined) [opened, close] = [at, closes[character]];
  }
}

/** ’ between letters, as in don’t, closes nothing. */
function isApostrophe(text: string, at: number): boolean {
  return text.charAt(at) === '’' && /\p{L}/u.test(text.charAt(at - 1)) && /\p{L}/u.test(text.charAt(at + 1));
}

/** Brackets that match; one that never closes encloses nothing, nor do those within hide those around it. */
function findBrackets(text: string, findings: Findings): void {
  const open: { at: number; close: string; name: string }[] = [];
  const closed: (TextSpan & { readonly name: string })[] = [];
  for (const { index, 0: bracket } of text.matchAll(/[()[\]{}]/g)) {
    const opening = BRACKETS[bracket];
    if (opening) {
      open.push({ at: index, close: opening[0], name: opening[1] });
      continue;
    }
    if (open.at(-1)?.close !== bracket) {
      // A stray closing bracket: what stands open across it is given up only if an older one waits for it.
      const older = open.slice(-MOST_STRAY).findLastIndex(({ close }) => close === bracket);
      if (older < 0) continue;
      open.length = Math.max(0, open.length - MOST_STRAY) + older + 1;
    }
    const { at, name } = open.pop()!;
    closed.push({ start: at + 1, end: index, name });
  }
  let outerEnd = 0;
  for (const { start, end, name } of closed.sort((one, other) => one.start - other.start)) {
    findings.span(name, start, end);
    if (start < outerEnd) findings.span(NESTED, start, end);
    outerEnd = Math.max(outerEnd, end);
  }
}

/** How many brackets that never close a closing one is looked for behind. */
const MOST_STRAY = 8;
