import type { Places } from '../../text/places';
import type { LabelSpans } from './textLabels';

/** What a language extension calls its tokens. */
export interface TokenLegend {
  readonly tokenTypes: readonly string[];
  readonly tokenModifiers: readonly string[];
}

/** Longest name of a type or modifier that becomes a concept. */
const LONGEST_NAME = 60;

/**
 * Concepts from the semantic tokens of a document: one for each type and each modifier.
 * @param data five numbers a token, each place from the one before: lines, characters, length, type, bits of modifiers.
 * @param places of the file's text, whose lines are the document's.
 */
export function addSemanticTokens(
  spans: LabelSpans,
  file: string,
  places: Places,
  legend: TokenLegend,
  data: Uint32Array,
): void {
  let line = 1;
  let column = 1;
  for (let at = 0; at + 5 <= data.length; at += 5) {
    const [lines, characters, length, type, modifiers] = data.subarray(at, at + 5) as unknown as number[];
    column = lines === 0 ? column + characters! : characters! + 1;
    line += lines!;
    const start = places.offsetOf({ line, column });
    const end = places.offsetOf({ line, column: column + length! });
    const add = (kind: string, name: string | undefined) => {
      if (name !== undefined && name.length <= LONGEST_NAME) spans.add(`${kind}: ${name}`, file, start, end);
    };
    add('semantic token', legend.tokenTypes[type!]);
    legend.tokenModifiers.forEach((name, bit) => {
      if (bit < 32 && (modifiers! >>> bit) & 1) add('semantic modifier', name);
    });
  }
}
