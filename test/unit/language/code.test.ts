import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { CodeLanguage } from '../../../src/core/concepts/labels/fileType';
import type { CodeKind, MarkupKind } from '../../../src/core/concepts/labels/labellers';
import { parseCode, parseMarkup } from '../../../src/runtime/language/parsers';

/** The texts of a program's tokens of one kind, in order. */
function textsOf(source: string, language: CodeLanguage, kind: CodeKind): string[] {
  return parseCode(source, language)
    .filter((span) => span.kind === kind)
    .map(({ start, end }) => source.slice(start, end));
}

/** Where both sides see a token of a kind, and where only one does. */
function compare(
  source: string,
  language: CodeLanguage,
  kind: CodeKind,
  wanted: readonly (readonly [start: number, end: number])[],
): { missing: string[]; extra: string[] } {
  const key = ([start, end]: readonly [number, number]) => `${start}:${end} ${source.slice(start, end)}`;
  const found = new Set(
    parseCode(source, language)
      .filter((span) => span.kind === kind)
      .map(({ start, end }) => key([start, end])),
  );
  const expected = new Set(wanted.map(key));
  return {
    missing: [...expected].filter((k) => !found.has(k)),
    extra: [...found].filter((k) => !expected.has(k)),
  };
}

/** A program with the tokens of its language's own scanner, made by the script beside it. */
function oracle(file: string): { source: string; tokens: [number, number, CodeKind][] } {
  const path = new URL(`../../fixtures/language/${file}`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as ReturnType<typeof oracle>;
}

describe("code beside the language's own scanner", () => {
  const { source, tokens } = oracle('python-tokens.json');
  const go = oracle('go-tokens.json');

  it.each(['keyword', 'identifier', 'string', 'comment', 'number'] as const)(
    "every %s of Go's scanner",
    (kind) => {
      const wanted = go.tokens.filter(([, , of]) => of === kind).map(([start, end]) => [start, end] as const);
      expect(wanted.length).toBeGreaterThan(1);
      const { missing, extra } = compare(go.source, 'go', kind, wanted);
      // Go declares nil beforehand, and grammars of editors take it for a keyword.
      const other = (tokens: string[]) => tokens.filter((token) => !token.endsWith(' nil'));
      expect({ missing: other(missing), extra: other(extra) }).toEqual({ missing: [], extra: [] });
    },
  );

  it.each(['keyword', 'identifier', 'string', 'comment', 'number', 'operator'] as const)(
    "every %s of Python's tokenize",
    (kind) => {
      const wanted = tokens.filter(([, , of]) => of === kind).map(([start, end]) => [start, end] as const);
      expect(wanted.length).toBeGreaterThan(1);
      const { missing, extra } = compare(source, 'python', kind, wanted);
      // Of a decorator, and of what may only be given by position: marks of the grammar rather than operations.
      const marks = kind === 'operator' ? ['@', '@', '/'] : [];
      expect({ missing: missing.map((token) => token.split(' ')[1]), extra }).toEqual({
        missing: marks,
        extra: [],
      });
    },
  );

  it.each(['src/core/concepts/statistics/sparseProbe.ts', 'src/runtime/language/codeKinds.ts'])(
    "keywords, strings, numbers and identifiers of TypeScript's scanner: %s",
    (file) => {
      const program = readFileSync(file, 'utf8');
      const scanned = scan(program);
      for (const kind of ['string', 'number', 'comment'] as const) {
        expect(compare(program, 'typescript', kind, scanned(kind)), kind).toEqual({ missing: [], extra: [] });
      }
      // Words like `readonly` and `of` are keywords only where they stand as such, which a scanner cannot tell.
      const both = [...scanned('keyword'), ...scanned('identifier')];
      const found = parseCode(program, 'typescript').filter(({ kind }) =>
        ['keyword', 'identifier', 'type'].includes(kind),
      );
      const keys = new Set(found.map(({ start, end }) => `${start}:${end}`));
      expect(
        both
          .filter(([start, end]) => !keys.has(`${start}:${end}`))
          .map(([start, end]) => program.slice(start, end)),
      ).toEqual([]);
    },
  );
});

/** Tokens by TypeScript's own scanner, without templates, which it cannot read without a parser. */
function scan(program: string): (kind: CodeKind) => (readonly [number, number])[] {
  const file = ts.createSourceFile('a.ts', program, ts.ScriptTarget.Latest, true);
  const found: { kind: CodeKind; range: readonly [number, number] }[] = [];
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(program, node.getFullStart()) ?? []) {
      if (!seen.has(pos)) found.push({ kind: 'comment', range: [pos, end] });
      seen.add(pos);
    }
    for (const { pos, end } of ts.getTrailingCommentRanges(program, node.getEnd()) ?? []) {
      if (!seen.has(pos)) found.push({ kind: 'comment', range: [pos, end] });
      seen.add(pos);
    }
    const range = [node.getStart(), node.getEnd()] as const;
    if (
      ts.isTemplateExpression(node) ||
      ts.isStringLiteralLike(node) ||
      ts.isRegularExpressionLiteral(node)
    ) {
      found.push({ kind: 'string', range });
    } else if (ts.isNumericLiteral(node)) found.push({ kind: 'number', range });
    else if (ts.isIdentifier(node)) found.push({ kind: 'identifier', range });
    else if (
      node.kind >= ts.SyntaxKind.FirstKeyword &&
      node.kind <= ts.SyntaxKind.LastKeyword &&
      range[1] > range[0]
    ) {
      found.push({ kind: 'keyword', range });
    }
    for (const child of node.getChildren()) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(file);
  return (kind) => found.filter((token) => token.kind === kind).map(({ range }) => range);
}

describe('code by hand-made gold', () => {
  const gold: [CodeLanguage, string, Partial<Record<CodeKind, string[]>>][] = [
    [
      'python',
      'import os\n@deco(1)\ndef run(self, x: int = 3, *args) -> Foo:\n    return g(x).h(y)\n',
      {
        import: ['import os'],
        'function definition': ['run'],
        'function call': ['g', 'h'],
        parameter: ['self', 'x', 'args'],
        type: ['int', 'Foo'],
      },
    ],
    [
      'typescript',
      'import { a } from "b";\nclass A extends B {\n  m(x: T, y = 1): void { this.f(x); }\n}\nfunction ff(q: string) { return new Q(q) >= 2; }\n',
      {
        import: ['import { a } from "b";'],
        'function definition': ['m', 'ff'],
        'function call': ['f'],
        parameter: ['x', 'y', 'q'],
        type: ['A', 'T', 'string'],
        operator: ['=', '>='],
      },
    ],
    [
      'json',
      '{"a": [1, -2.5e3, true, null, "x"]}',
      { number: ['1', '-2.5e3'], keyword: ['true', 'null'], string: ['"x"'] },
    ],
    [
      'css',
      '@import "a";\n.b > #c { color: #fff; width: 10px } /* d */',
      { comment: ['/* d */'], string: ['"a"'], number: ['10px'] },
    ],
    [
      'html',
      '<!-- c --><a href="x">t</a>',
      { comment: ['<!-- c -->'], string: ['"x"'], identifier: ['a', 'href', 'a'] },
    ],
    [
      'shell',
      '#!/bin/sh\n# note\nname=3\ngreet() { echo "hi $name" >&2; }\nif [ -f \'x\' ]; then greet a-b && exit 1; fi\n',
      {
        comment: ['#!/bin/sh', '# note'],
        string: ['"hi $name"', "'x'"],
        keyword: ['if', 'then', 'exit', 'fi'],
        'function definition': ['greet'],
        'function call': ['echo', 'greet'],
        number: ['3', '2', '1'],
      },
    ],
    [
      'cpp',
      '#include <a.h>\nint f(int a, const T& b) { return g(a) + b->c(2); } // x\n',
      {
        import: ['#include <a.h>\n'],
        'function definition': ['f'],
        'function call': ['g', 'c'],
        parameter: ['a', 'b'],
        comment: ['// x'],
        type: ['int', 'int', 'T'],
      },
    ],
    [
      'rust',
      'use a::b;\n#[derive(X)]\nfn f(a: i32) -> Foo { let x = g(a); x.y("s") }\n',
      {
        import: ['use a::b;'],
        decorator: ['#[derive(X)]'],
        'function definition': ['f'],
        'function call': ['g', 'y'],
        parameter: ['a'],
        type: ['i32', 'Foo'],
      },
    ],
    [
      'go',
      'package a\nimport "fmt"\nfunc (r R) f(a int) T { return g(a, "x") }\n',
      {
        import: ['import "fmt"'],
        'function definition': ['f'],
        'function call': ['g'],
        parameter: ['r', 'a'],
        type: ['R', 'int', 'T'],
      },
    ],
    [
      'java',
      'import a.b;\nclass C { @Override public int f(Foo a) throws E { return g(a).h(); } }\n',
      {
        import: ['import a.b;'],
        decorator: ['@Override'],
        'function definition': ['f'],
        'function call': ['g', 'h'],
        parameter: ['a'],
      },
    ],
  ];
  for (const [language, source, kinds] of gold) {
    for (const [kind, texts] of Object.entries(kinds)) {
      it(`${language}: ${kind}`, () => expect(textsOf(source, language, kind as CodeKind)).toEqual(texts));
    }
  }
});

it('Markdown by its parts', () => {
  const source =
    '# Title\n\nSome *stress* and `code` at [a link](http://x.y).\n\n- item\n\n> quote\n\n```js\nlet a;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n';
  const spans = parseMarkup(source);
  const texts = (kind: MarkupKind) =>
    spans.filter((span) => span.kind === kind).map(({ start, end }) => source.slice(start, end));
  expect(texts('heading')).toEqual(['# Title']);
  expect(texts('emphasis')).toEqual(['*stress*']);
  expect(texts('inline code')).toEqual(['`code`']);
  expect(texts('link')).toEqual(['[a link](http://x.y)']);
  expect(texts('list item')).toEqual(['- item']);
  expect(texts('block quote')).toEqual(['> quote']);
  expect(texts('code block')).toEqual(['```js\nlet a;\n```']);
  expect(texts('table')).toEqual(['| a | b |\n|---|---|\n| 1 | 2 |']);
});
