import { fileTypeOf } from '../../../src/core/concepts/labels/fileType';
import { Findings, TokenLayout } from '../../../src/core/concepts/labels/findings';
import type { LabelFamily } from '../../../src/core/concepts/labels/family';
import type { Labellers } from '../../../src/core/concepts/labels/labellers';
import type { LabelText } from '../../../src/core/concepts/labels/labelText';

/** A document of which each word and each other character is a token. */
export function labelText(text: string, rest: Partial<LabelText> = {}): LabelText {
  const pieces = [...text.matchAll(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)];
  const file = rest.file ?? 'a.txt';
  return {
    file,
    record: null,
    text,
    offsetBase: 0,
    lines: linesOf(text, pieces),
    tokens: {
      ids: Uint32Array.from(pieces, (_, i) => i),
      starts: Uint32Array.from(pieces, ({ index }) => index),
      ends: Uint32Array.from(pieces, ({ index, 0: piece }) => index + piece.length),
      special: new Uint8Array(pieces.length),
      unknown: new Uint8Array(pieces.length),
    },
    windowPositions: Uint32Array.from(pieces, (_, i) => i),
    type: fileTypeOf(file, null),
    tagged: null,
    code: [],
    markup: [],
    ...rest,
  };
}

function linesOf(text: string, pieces: readonly { readonly index: number }[]): Uint32Array {
  return Uint32Array.from(pieces, ({ index }) => text.slice(0, index).split('\n').length);
}

/** Labellers that find nothing. */
export const SILENT: Labellers = {
  tag: () => Promise.resolve(null),
  parseCode: () => Promise.resolve([]),
  parseMarkup: () => Promise.resolve([]),
  search: () => Promise.resolve([]),
  renderChat: () => Promise.resolve(null),
};

/** The tokens that carry a concept, joined by spaces. */
export async function carriers(
  document: LabelText,
  family: LabelFamily,
  name: string,
  labellers: Labellers = SILENT,
): Promise<string> {
  const findings = new Findings();
  await family.find(document, findings, labellers);
  const { starts, ends } = document.tokens;
  const { tokens } = findings.labelsOf(name, new TokenLayout(document.text, document.tokens));
  return [...tokens].map((token) => document.text.slice(starts[token], ends[token])).join(' ');
}
