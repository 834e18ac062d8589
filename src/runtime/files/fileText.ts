import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { EncodingSurvey } from '../../core/text/encoding';
import type { EncodingVerdict } from '../../core/text/encoding';
import { NotAFileError } from './fileErrors';
import { guessEncoding } from './guessEncoding';
import type { FileHash } from './hashFile';

/** Bytes read at once; smaller files are read once and kept for all passes. */
const CHUNK_BYTES = 1 << 20;

/** What is known of a file's encoding once it was looked into. */
export type FileEncoding =
  /** An encoding by its WHATWG label, and by its name where it is only likely. */
  | { readonly kind: 'text'; readonly encoding: string; readonly guess: string | null }
  | Extract<EncodingVerdict, { kind: 'binary' | 'unknown' }>;

/** A file whose encoding has been looked into. */
export interface FileText {
  readonly verdict: FileEncoding;
  /** The text from its beginning, without a byte order mark, in chunks. @throws the system's or the decoder's error. */
  chunks(): AsyncIterable<string>;
  /** Of the bytes that `chunks` read, once it was read to its end. */
  hash(): FileHash | null;
}

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Reads a file once to find its encoding; large files are then streamed, in constant memory.
 * @throws the system's error when it cannot be read, `NotAFileError`, what `signal` says when it is aborted.
 */
export async function surveyFile(path: string, signal: AbortSignal): Promise<FileText> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw new NotAFileError();
  const whole = found.size <= CHUNK_BYTES ? await readFile(path) : null;
  const bytes = whole === null ? () => readChunks(path, signal) : () => [whole];
  const verdict = await encodingOf(bytes);
  let hash: FileHash | null = null;
  return {
    verdict,
    async *chunks() {
      if (verdict.kind !== 'text') return;
      hash = null;
      hash = yield* decode(bytes(), verdict.encoding);
    },
    hash: () => hash,
  };
}

async function encodingOf(bytes: () => Bytes): Promise<FileEncoding> {
  const survey = new EncodingSurvey();
  for await (const chunk of bytes()) if (!survey.push(chunk)) break;
  const verdict = survey.verdict();
  if (verdict.kind === 'text') return { ...verdict, guess: null };
  if (verdict.kind !== 'legacy') return verdict;
  const guess = await guessEncoding(bytes());
  if ('reason' in guess) return { kind: 'unknown', ...guess };
  const { name, label } = guess;
  if (await canDecode(bytes(), label)) return { kind: 'text', encoding: label, guess: name };
  return { kind: 'unknown', reason: `it seems to be ${name} but is broken: save it as UTF-8` };
}

async function canDecode(bytes: Bytes, encoding: string): Promise<boolean> {
  try {
    const texts = decode(bytes, encoding);
    while ((await texts.next()).done !== true);
    return true;
  } catch (thrown) {
    if (thrown instanceof TypeError) return false;
    throw thrown;
  }
}

async function* decode(chunks: Bytes, encoding: string): AsyncGenerator<string, FileHash> {
  const decoder = new TextDecoder(encoding, { fatal: !encoding.startsWith('utf-16') });
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder.decode();
  return { sha256: hash.digest('hex'), bytes };
}

async function* readChunks(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      signal.throwIfAborted();
      const chunk = new Uint8Array(CHUNK_BYTES);
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
