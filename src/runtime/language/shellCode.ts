import type { CodeKind, CodeSpan } from '../../core/concepts/labels/labellers';

const KEYWORDS = new Set(
  (
    'if then elif else fi for while until do done case esac in function select time return break continue exit local ' +
    'export readonly declare typeset unset shift trap set source alias eval exec'
  ).split(' '),
);

/** What a shell script is made of. Every alternative ends at the first character that it does not take. */
const TOKEN =
  /(?<comment>(?<![^\s;&|(])#[^\n]*)|(?<string>'[^']*'?|"(?:[^"\\]|\\[\s\S])*"?|`(?:[^`\\]|\\[\s\S])*`?)|(?<variable>\$(?:\{[^}\n]{0,200}\}?|[A-Za-z_]\w*|[0-9@*#?$!-]))|(?<number>(?<![\w.-])\d+(?![\w.-]))|(?<word>-{0,2}[A-Za-z_][\w.-]*)|(?<operator>\[\[?(?=\s)|&&|\|\||;;|<<-?|>>|[|&;<>=!])/g;

/** The tokens of a shell script by kind: there is no grammar of Lezer for it. A function is named before `()` or behind `function`. */
export function shellSpansOf(text: string): CodeSpan[] {
  const spans: CodeSpan[] = [];
  const add = (kind: CodeKind, start: number, length: number): void =>
    void spans.push({ kind, start, end: start + length });
  let startsCommand = true;
  let definesFunction = false;
  let reached = 0;
  for (const { index, 0: token, groups } of text.matchAll(TOKEN)) {
    startsCommand ||= /[\n({]/.test(text.slice(reached, index));
    reached = index + token.length;
    if (groups?.['comment'] !== undefined) add('comment', index, token.length);
    else if (groups?.['string'] !== undefined) add('string', index, token.length);
    else if (groups?.['variable'] !== undefined) add('identifier', index, token.length);
    else if (groups?.['number'] !== undefined) add('number', index, token.length);
    else if (groups?.['operator'] !== undefined) add('operator', index, token.length);
    else if (startsCommand && KEYWORDS.has(token)) add('keyword', index, token.length);
    else if (definesFunction || /^\s{0,8}\(\s{0,8}\)/.test(text.slice(reached, reached + 20))) {
      add('function definition', index, token.length);
    } else if (startsCommand && text.charAt(reached) === '=') add('identifier', index, token.length);
    else if (startsCommand) add('function call', index, token.length);
    definesFunction = token === 'function';
    const opensCommand = /^(?:&&|\|\||;;?|[|&!]|then|do|else|elif|if|while|until|time)$/.test(token);
    startsCommand = opensCommand || (startsCommand && groups?.['comment'] !== undefined);
  }
  return spans;
}
