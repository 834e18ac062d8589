import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import {
  forCsvCell,
  forJson,
  forEditor,
  forMarkdown,
  forMarkup,
  forTerminal,
  inOneLine,
} from '../../../src/core/common/foreignText';
import { hiddenIn, HOSTILE_TEXTS } from '../../faults/hostileTexts';

/** Letters of hostile texts, so that random ones find combinations which nobody thought of. */
const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc
    .array(fc.constantFrom(...Array.from(HOSTILE_TEXTS.join('')), 'command:', '](', '$('), { maxLength: 40 })
    .map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** How the editor finds links in a notification (vscode, src/vs/base/common/linkedText.ts). */
const NOTIFICATION_LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

describe('text from outside', () => {
  it('has signs for what is hidden, and stays as it is otherwise', () => {
    expect(inOneLine('\u001b]0;T\u0007\u009b2J\u202e a\r\nb\tc\r\u007f')).toBe(
      '␛]0;T␇‹U+009B›2J‹U+202E› a⏎b⇥c␍␡',
    );
    for (const text of ['naïve Ünïcödé 日本語', 'नमस्ते क्‍ष', 'می\u200cخواهم', '👨‍👩‍👧 ❤️ 👍🏽', 'a – “b” … ½'])
      expect(inOneLine(text)).toBe(text);
    expect(inOneLine('pass\u200dword \u200c')).toBe('pass‹U+200D›word ‹U+200C›');
  });

  it('neither steers a terminal nor reorders what is read there', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(hiddenIn(forTerminal(text), '\n')).toEqual([]);
        expect(hiddenIn(inOneLine(text))).toEqual([]);
      }),
    );
  });

  it('makes no link and no icon in a notification or a label', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (name, other) => {
        const shown = forEditor(`${name} and ${other}`);
        expect(shown.match(NOTIFICATION_LINK)).toBeNull();
        expect(hiddenIn(shown)).toEqual([]);
        expect(forEditor(name)).not.toMatch(/\$\([a-z0-9-]+(?:~[a-z0-9-]+)?\)/i);
      }),
    );
  });

  it('is read as plain text by a reader of Markdown', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = marked.parseInline(`before ${forMarkdown(text)} after`, { gfm: true, async: false });
        expect(html).not.toMatch(/</);
        expect(fromHtml(html)).toBe(`before ${inOneLine(text.replace(/\s+/g, ' '))} after`);
      }),
    );
  });

  it('stays in its cell of a Markdown table', () => {
    for (const text of HOSTILE_TEXTS) {
      const html = marked.parse(`| a | b |\n| --- | --- |\n| ${forMarkdown(text)} | 2 |`, { async: false });
      expect(html.match(/<td>/g)).toHaveLength(2);
    }
  });

  it('is a cell of a CSV file that no spreadsheet runs, and reads back as it was', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (name, token) => {
        const [row] = parse(`${forCsvCell(name)},${forCsvCell(token)}\r\n`, { relax_column_count: true });
        expect(row).toHaveLength(2);
        for (const [index, given] of [name, token].entries()) {
          const cell = (row as string[])[index]!;
          expect(cell).not.toMatch(/^\s*[=+\-@]|^[\t\r]/);
          expect(hiddenIn(cell, '\t\r\n')).toEqual([]);
          if (/^[ -~\t\r\n]*$/.test(given)) expect([given, `'${given}`]).toContain(cell);
        }
      }),
    );
    expect([forCsvCell(-0.5), forCsvCell('-0.5'), forCsvCell('plain')]).toEqual(['-0.5', "'-0.5", 'plain']);
  });

  it('closes no element and no quotes of HTML', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = forMarkup(text);
        expect(shown).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
        expect(hiddenIn(shown)).toEqual([]);
      }),
    );
  });

  it('means the same in JSON, where nothing is hidden', () => {
    fc.assert(
      fc.property(fc.array(hostileText), (texts) => {
        const json = forJson(JSON.stringify(texts, null, 2));
        expect(hiddenIn(json, '\n')).toEqual([]);
        expect(JSON.parse(json)).toEqual(texts);
      }),
    );
  });
});

/** What a browser shows of mark-up without elements. */
function fromHtml(html: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return html.replace(/&(?:(amp|lt|gt|quot)|#(\d+));/g, (_, name?: string, code?: string) =>
    name === undefined ? String.fromCodePoint(Number(code)) : named[name]!,
  );
}
