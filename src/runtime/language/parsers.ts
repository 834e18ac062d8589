import type { Parser } from '@lezer/common';
import { parser as cpp } from '@lezer/cpp';
import { parser as css } from '@lezer/css';
import { parser as go } from '@lezer/go';
import { parser as html } from '@lezer/html';
import { parser as java } from '@lezer/java';
import { parser as javascript } from '@lezer/javascript';
import { parser as json } from '@lezer/json';
import { GFM, parser as markdown } from '@lezer/markdown';
import { parser as python } from '@lezer/python';
import { parser as rust } from '@lezer/rust';
import type { CodeLanguage } from '../../core/concepts/labels/fileType';
import type { CodeSpan, MarkupSpan } from '../../core/concepts/labels/labellers';
import { codeSpansOf, markupSpansOf } from './codeKinds';
import { shellSpansOf } from './shellCode';

const PARSERS: Readonly<Record<Exclude<CodeLanguage, 'shell'>, Parser>> = {
  python,
  typescript: javascript.configure({ dialect: 'ts jsx' }),
  javascript: javascript.configure({ dialect: 'jsx' }),
  json,
  html,
  css,
  cpp,
  rust,
  go,
  java,
};

const MARKDOWN = markdown.configure(GFM);

/** The tokens of a program by its grammar; where it is broken, of what can be read all the same. */
export function parseCode(text: string, language: CodeLanguage): CodeSpan[] {
  return language === 'shell' ? shellSpansOf(text) : codeSpansOf(PARSERS[language].parse(text), text);
}

/** The parts of a text as GitHub's Markdown has them. */
export function parseMarkup(text: string): MarkupSpan[] {
  return markupSpansOf(MARKDOWN.parse(text));
}
