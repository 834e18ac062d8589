import { LensError } from '../common/errors';
import type { StoredProfile } from '../profile/storedProfile';
import type { DocumentRow } from '../profile/texts/documentRow';
import type { Tokenizer } from '../text/tokenizer';
import type { TokenizedText } from '../text/tokens';

/** A document of a profile, as it was profiled. */
export interface ProfiledText {
  readonly row: DocumentRow;
  readonly text: string;
  readonly tokens: TokenizedText;
  /** [tokens] line of the file that each begins on, from 1. */
  readonly lines: Uint32Array;
}

/** The documents of a profile, in the order of their keys, each once. */
export async function documentsOf(stored: StoredProfile): Promise<DocumentRow[]> {
  const rows = new Map<string, DocumentRow>();
  for (const { documents } of await stored.segments()) {
    for (let row = 0; row < documents.length; row++) rows.set(documents.key(row), documents.row(row));
  }
  return [...rows.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
}

/**
 * A document's text and tokens from the profile itself: whatever became of the file, the labels are of what was profiled.
 * @throws LensError `usage` where the profile keeps no text, `tokenizer-mismatch` where the tokens are others
 */
export async function readProfiledText(
  stored: StoredProfile,
  row: DocumentRow,
  tokenizer: Pick<Tokenizer, 'tokenize'>,
): Promise<ProfiledText> {
  const part = stored.textPart(row.part);
  const { start, end, line } = await part.tokens(row.firstToken, row.tokenCount);
  const last = row.tokenCount === 0 ? row.offsetBase : Math.max(...end.slice(-16));
  const text = await part.text(row.textStart, row.textStart + last - row.offsetBase);
  if (text === null) {
    throw new LensError(
      'usage',
      'This profile keeps no text, which concepts are found in. Profile again without --no-text.',
    );
  }
  const tokens = await tokenizer.tokenize(text);
  const same =
    tokens.ids.length === row.tokenCount &&
    tokens.starts.every((unit, token) => unit + row.offsetBase === start[token]);
  if (!same) {
    throw new LensError(
      'tokenizer-mismatch',
      `The tokenizer reads ${row.file} otherwise than when it was profiled. Profile again.`,
    );
  }
  return { row, text, tokens, lines: Uint32Array.from(line) };
}
