import { UnfitText, type Tokenizer } from '../../core/text/tokenizer';
import { utf16RangesOf } from '../../core/text/offsets';
import type { WindowFrame } from '../../core/text/tokens';
import { openEncoder, type Encoder, type RawEncoding } from './encoder';
import { GuardedEncoder } from './guardedEncoder';
import { invalidTokenizer, readTokenizerFile, type TokenizerFile } from './tokenizerFile';

/** Texts of one token or more, for some tokenizers only the second or third: proteins are written in capitals. */
const PROBES = ['a', 'A', '0'];

/**
 * Opens a tokenizer.json for whole documents: what it says about truncating and padding is switched off, as windows
 * are cut later, and the special tokens that it would wrap around a text are reported as `frame` instead. One with parts
 * that may hang or grow without end runs in a process of its own.
 * @throws LensError `not-found`, `unreadable-file` or `invalid-tokenizer`.
 */
export async function openTokenizer(path: string): Promise<Tokenizer> {
  const file = await readTokenizerFile(path);
  const encoder = encoderOf(file, path);
  const unknownPiece = file.unknownId === null ? '' : encoder.pieceOf(file.unknownId);
  return {
    sha256: file.sha256,
    vocabularySize: file.vocabularySize,
    frame: await frameOf(encoder, path),
    async tokenize(text) {
      const encoding = await encode(encoder, text, false, path);
      const ids = Uint32Array.from(encoding.ids);
      const ranges = utf16RangesOf(text, encoding.offsets);
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
    pieceOf: (id) => encoder.pieceOf(id),
  };
}

/** Whether a text is an added token written out, which tokenizers find with white space around it and in any case. */
function spells(text: string, piece: string): boolean {
  return text.trim().toLowerCase().startsWith(piece.toLowerCase());
}

function encoderOf({ json, harmless }: TokenizerFile, path: string): Encoder {
  if (!harmless) return new GuardedEncoder(json);
  try {
    return openEncoder(json);
  } catch (cause) {
    throw invalidTokenizer(path, cause);
  }
}

/** Some tokenizers read well and then fail on a text, such as a WordPiece whose unknown piece is not in its vocabulary. */
async function encode(
  encoder: Encoder,
  text: string,
  addSpecialTokens: boolean,
  path: string,
): Promise<RawEncoding> {
  try {
    return await encoder.encode(text, addSpecialTokens);
  } catch (cause) {
    throw cause instanceof UnfitText ? cause : invalidTokenizer(path, cause);
  }
}

/** Encodes a probe with the special tokens added: the added ones are marked, and stand on either side of it. */
async function frameOf(encoder: Encoder, path: string): Promise<WindowFrame> {
  for (const probe of PROBES) {
    const { ids, added } = await encode(encoder, probe, true, path).catch((thrown: unknown) => {
      throw thrown instanceof UnfitText ? invalidTokenizer(path, new Error(thrown.reason)) : thrown;
    });
    const first = added.indexOf(0);
    if (first >= 0) return { before: ids.slice(0, first), after: ids.slice(added.lastIndexOf(0) + 1) };
  }
  throw invalidTokenizer(path, new Error('it gives no token for plain letters and digits'));
}
