import type { TemplateResult } from 'lit';
import { expect, it } from 'vitest';
import { tokenChip, visibleText } from '../../../webview/common/tokenText';

/** The words of templates, without their elements. */
const words = (parts: (TemplateResult | string)[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : words(part.values as string[]))).join('');

it.each([
  ['word', 'word', 'word'],
  [' word', ' word', '·word'],
  ['  ', '··', '··'],
  ['\u00a0', '⍽', '⍽'],
  [' \u3000', '·⍽', '·⍽'],
  ['a\u00a0b', 'a\u00a0b', 'a⍽b'],
  ['\r\n\t', '⏎⇥', '⏎⇥'],
  ['', '∅', '∅'],
])('shows the white space of %j', (text, inText, alone) => {
  expect(words(visibleText(text))).toBe(inText);
  expect(tokenChip(text).values.at(-1)).toBe(alone);
});
