import { Tokenizer as NativeTokenizer } from 'tokenizers';
import type { Encoding } from 'tokenizers';
import type { Tokenizer } from '../../core/text/tokenizer';
import { utf16RangesOf } from '../../core/text/offsets';
import type { WindowFrame } from '../../core/text/tokens';
import { invalidTokenizer, readTokenizerFile } from './tokenizerFile';

/** Texts of one token or more, for some tokenizers only the second or third: proteins are written in capitals. */
const PROBES = ['a', 'A', '0'];

/**
 * Opens a tokenizer.json for whole documents: what it says about truncating and padding is switched off, as windows
 * are cut later, and the special tokens that it would wrap around a text are reported as `frame` instead.
 * @throws LensError `not-found`, `unreadable-file` or `invalid-tokenizer`.
 */
export async function openTokenizer(path: string): Promise<Tokenizer> {
  const file = await readTokenizerFile(path);
  const native = openNative(file.json, path);
  native.disableTruncation();
  native.disablePadding();
  const unknownPiece = file.unknownId === null ? '' : (native.idToToken(file.unknownId) ?? '');
  return {
    sha256: file.sha256,
    vocabularySize: file.vocabularySize,
    frame: await frameOf(native, path),
    async tokenize(text) {
      const encoding = await encode(native, text, false, path);
      const ids = Uint32Array.from(encoding.getIds());
      const ranges = utf16RangesOf(text, encoding.getOffsets());
      const { starts, ends } = ranges;
      const isUnknown = (id: number, token: number): boolean =>
        id === file.unknownId && !spells(text.slice(starts[token], ends[token]), unknownPiece);
      return {
        ids,
        ...ranges,
        special: Uint8Array.from(ids, (id, at) => Number(file.specialIds.has(id) && !isUnknown(id, at))),
        unknown: Uint8Array.from(ids, (id, at) => Number(isUnknown(id, at))),
      };
    },
    pieceOf: (id) => native.idToToken(id) ?? '',
  };
}

/** Whether a text is an added token written out, which tokenizers find with white space around it and in any case. */
function spells(text: string, piece: string): boolean {
  return text.trim().toLowerCase().startsWith(piece.toLowerCase());
}

function openNative(json: string, path: string): NativeTokenizer {
  try {
    return NativeTokenizer.fromString(json);
  } catch (cause) {
    throw invalidTokenizer(path, cause);
  }
}

/** Some tokenizers read well and then fail on a text, such as a WordPiece whose unknown piece is not in its vocabulary. */
async function encode(
  native: NativeTokenizer,
  text: string,
  addSpecialTokens: boolean,
  path: string,
): Promise<Encoding> {
  try {
    return await native.encode(text, null, { addSpecialTokens });
  } catch (cause) {
    throw invalidTokenizer(path, cause);
  }
}

/** Encodes a probe with the special tokens added: the added ones are marked, and stand on either side of it. */
async function frameOf(native: NativeTokenizer, path: string): Promise<WindowFrame> {
  for (const probe of PROBES) {
    const encoding = await encode(native, probe, true, path);
    const ids = encoding.getIds();
    const added = encoding.getSpecialTokensMask();
    const first = added.indexOf(0);
    if (first >= 0) return { before: ids.slice(0, first), after: ids.slice(added.lastIndexOf(0) + 1) };
  }
  throw invalidTokenizer(path, new Error('it gives no token for plain letters and digits'));
}
