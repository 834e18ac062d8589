/**
 * Text that comes from outside (names of files, paths, ids of models, licences, causes of errors, answers of the Hub,
 * tokens, corpus text) as it may stand in each place where a person or another program reads it. One function a place;
 * lint rules keep all other code from writing to these places.
 */

/**
 * What is not drawn, or steers what is: controls (C0, DEL, C1), line and paragraph separators, lone surrogates, notes
 * between lines, and what Unicode lets be ignored: zero-width characters, bidi controls, tags, fillers, soft hyphens.
 */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u{fff9}-\u{fffb}\p{Default_Ignorable_Code_Point}]/gu;

/** Letters that joiners give their shape: not those of scripts in which joiners could only deceive. */
const SHAPED = String.raw`(?!\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{Script=Han})[\p{L}\p{M}]`;
const PICTURE = String.raw`[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{fe0f}]`;
/** Joiners within words of such scripts and within emoji, and the variants of emoji: part of what is drawn. */
const DRAWN = new RegExp(
  String.raw`(?<=\p{Emoji})[\u{fe0e}\u{fe0f}]|(?<=${SHAPED}|${PICTURE})[\u{200c}\u{200d}](?=${SHAPED}|${PICTURE})`,
  'gu',
);

/** Breaks between lines: kept where a place has several. */
const KEPT_LINES = new Set(['\n']);
/** White space of a cell that is quoted. */
const KEPT_IN_CELLS = new Set(['\n', '\r', '\t']);

/**
 * One line with everything drawn: `⏎` and `⇥` for line ends and tabs, `␛` and its kind for controls, `‹U+202E›` for
 * what else is hidden.
 */
export function inOneLine(text: string): string {
  return withSigns(text.replaceAll('\r\n', '\n'));
}

/** Lines for a terminal or a log: nothing moves its cursor, changes its colours or its title, or reorders what is read. */
export function forTerminal(text: string): string {
  return withSigns(text.replaceAll('\r\n', '\n'), KEPT_LINES);
}

/**
 * A text on the editor's own surfaces: messages, lists to pick from, trees, titles. Some of them make icons of `$(name)`,
 * and links that run commands of `[text](command:…)`.
 */
export function forEditor(text: string): string {
  return inOneLine(text).replaceAll('$(', '$ (').replaceAll('](', '] (');
}

/** Text in one line that Markdown shows as it is: no link, image, mark-up, mention, formula or cell of a table. */
export function forMarkdown(text: string): string {
  return inOneLine(text.replace(/\s+/g, ' '))
    .replace(/[\\`*_{}[\]()<>#+|~&$@!^]/g, String.raw`\$&`)
    .replace(/:(?=\/\/)|(?<=\bwww)\./gi, String.raw`\$&`);
}

/**
 * A cell of a CSV file (RFC 4180). Text that a spreadsheet would run as a formula gets an apostrophe in front, as
 * spreadsheets write it themselves; a number is none.
 */
export function forCsvCell(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const text = withSigns(value, KEPT_IN_CELLS).replace(/^(?:[\t\r]|\s*[=+\-@＝＋－＠])/u, "'$&");
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, in SVG, and between their quotes. */
export function forMarkup(text: string): string {
  return inOneLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** JSON that means the same, with everything hidden in its strings written as `\u202e`. */
export function forJson(json: string): string {
  return json.replace(HIDDEN, (hidden) => (KEPT_IN_CELLS.has(hidden) ? hidden : unicodeEscapes(hidden)));
}

/**
 * JSON as it may stand inside a `<script>`: no `<` can close the element or open a comment,
 * and no line separator ends a string in older readers.
 */
export function jsonForScript(value: unknown): string {
  return forJson(JSON.stringify(value)).replaceAll('<', String.raw`\u003c`);
}

function withSigns(text: string, kept: ReadonlySet<string> = new Set()): string {
  const drawn = new Set([...text.matchAll(DRAWN)].map(({ index }) => index));
  return text.replace(HIDDEN, (hidden, at: number) =>
    kept.has(hidden) || drawn.has(at) ? hidden : signOf(hidden),
  );
}

function signOf(hidden: string): string {
  const code = hidden.codePointAt(0) ?? 0;
  if (hidden === '\n') return '⏎';
  if (hidden === '\t') return '⇥';
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '␡' : `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

function unicodeEscapes(text: string): string {
  return [...Array(text.length).keys()]
    .map((unit) => String.raw`\u${text.charCodeAt(unit).toString(16).padStart(4, '0')}`)
    .join('');
}
