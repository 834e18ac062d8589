/** Texts that a stranger may give a file, a model, a licence or a token, each of them meant for one place or another. */
export const HOSTILE_TEXTS: readonly string[] = [
  // Terminals
  '\u001b]0;TITLE\u0007name.txt',
  '\u001b[2J\u001b[31mred.jsonl',
  '\u001b]8;;https://example.org\u001b\\click\u001b]8;;\u001b\\',
  '\u009b31mred\u009d0;title\u009c',
  'done\rTHE PROFILE WAS DELETED',
  'one\nTwo lines: neuron-lens has failed',
  'bell\u0007back\b\b\bspace\u007fdelete\u0000nul',
  // What is read is not what is there
  'invoice\u202egpj.exe',
  'user\u2066 // admin\u2069 \u2066',
  '\u200e\u200f\u061cmarks',
  'zero\u200bwidth\u2060joined\ufeff',
  'pass\u200dword\u200cs',
  'line\u2028paragraph\u2029next\u0085',
  'tags\u{e0041}\u{e0042} filler\u3164 soft\u00adhyphen variant\ufe01',
  'lone \ud800 surrogate',
  // Notifications and hovers
  '[Repair](command:workbench.action.terminal.sendSequence?%7B%22text%22%3A%22id%5Cn%22%7D).jsonl',
  '[docs](https://example.org "title") and ![](https://example.org/a.png)',
  '[a](<command:workbench.action.quit>)',
  'a](command:workbench.action.quit) [b',
  '$(zap) $(loading~spin)',
  'C:\\a) [x](command:quit)\\(b',
  // Markdown and HTML
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '"\'><svg onload=alert(1)>&lt;&#60;',
  '| a cell | of another table |',
  '`code` **bold** _italics_ ~~gone~~ $x^2$ @someone #1 https://example.org www.example.org',
  '# heading\n- list\n> quote\n```\nfence',
  '\\',
  // Spreadsheets
  '=HYPERLINK("https://example.org","x")',
  '+1+1',
  "-2+3+cmd|' /C calc'!A0",
  '@SUM(1+1)',
  '\t=1+1',
  '\r=1+1',
  '  =1+1',
  '＝1+1',
  'a;=1+1',
  'quote " and, comma',
  // Paths
  '../../etc/passwd',
  'con.txt',
  '%2e%2e%2f %41 100%',
  `${'long '.repeat(60)}name`,
];

/** First and last code points, written out rather than by Unicode properties, as the code has it. */
const HIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe007f],
];

/**
 * What a text holds that is not drawn or steers what is.
 * @param allowed characters that the place may have
 */
export function hiddenIn(text: string, allowed = ''): string[] {
  const found = new Set<string>();
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const hidden = HIDDEN.some(([first, last]) => code >= first && code <= last);
    if (hidden && !allowed.includes(character)) found.add(`U+${code.toString(16)}`);
  }
  return [...found];
}
