import type { Concept } from '../concept';
import type { LabelFamily } from './family';
import { CODE_KINDS, type CodeKind } from './labellers';

const NAMES: Readonly<Record<CodeKind, string>> = {
  keyword: 'keywords in code',
  identifier: 'identifiers in code',
  'function definition': 'function names at their definition',
  'function call': 'function names at a call',
  type: 'types in code',
  parameter: 'parameters in code',
  string: 'strings in code',
  comment: 'comments in code',
  number: 'numbers in code',
  operator: 'operators in code',
  decorator: 'decorators in code',
  import: 'imports in code',
};

const SIBLINGS: Partial<Record<CodeKind, CodeKind>> = {
  keyword: 'identifier',
  identifier: 'keyword',
  'function definition': 'function call',
  'function call': 'function definition',
  type: 'identifier',
  parameter: 'identifier',
  string: 'comment',
  comment: 'string',
};

const INDENTATION = 'indentation of code';

/** What a token of source code is by its language's grammar. */
export const code: LabelFamily = {
  concepts: [
    ...CODE_KINDS.map((kind): Concept => {
      const sibling = SIBLINGS[kind];
      return {
        name: NAMES[kind],
        family: 'code',
        source: 'lezer',
        ...(sibling && { sibling: NAMES[sibling] }),
      };
    }),
    { name: INDENTATION, family: 'code', source: 'text' },
  ],
  find({ text, type, code: spans }, findings) {
    for (const { kind, start, end } of spans) findings.span(NAMES[kind], start, end);
    if (type.code !== null) findings.matches(INDENTATION, text, /^[ \t]+/gm);
  },
};
