import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { cacheFolder } from '../files/cacheFolder';
import { readRecord, writeRecord } from '../files/cachedRecord';

/** What a file looks like from outside: while this stays the same, so do its bytes. */
const fileLook = v.object({ path: v.string(), bytes: v.number(), modified: v.number(), changed: v.number() });
type FileLook = v.InferOutput<typeof fileLook>;

/** A model's hash, and the looks of its files when it was reckoned: the .onnx file and then its weights. */
const hashRecord = v.object({ sha256: v.string(), files: v.array(fileLook) });

/**
 * A file that was written as recently as this may be written again without looking different, in milliseconds: some file
 * systems keep whole or even seconds only.
 */
const SETTLED = { coarse: 2_000, fine: 50 };

/**
 * SHA-256 of a model's .onnx file and of the files that hold its weights, in this order. It is remembered, so that half a
 * gigabyte is not hashed at every opening, and reckoned anew when one of the files has another size or time.
 * @param look of the .onnx file before `bytes` were read from it
 * @throws the system's error when a file cannot be read
 */
export async function modelHash(
  look: FileLook,
  bytes: Uint8Array,
  weightFiles: readonly string[],
): Promise<string> {
  const looks = [look, ...(await Promise.all(weightFiles.map(lookAt)))];
  const known = await readRecord(pathOf(look.path), hashRecord);
  if (known && isSame(known.files, looks)) return known.sha256;
  const hash = createHash('sha256').update(bytes);
  for (const file of weightFiles) {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
    }
  }
  const sha256 = hash.digest('hex');
  if (looks.every(isSettled) && isSame(looks, await Promise.all(looks.map(({ path }) => lookAt(path))))) {
    await writeRecord(pathOf(look.path), { sha256, files: looks });
  }
  return sha256;
}

/** The hash of a model that was opened before and is as it was then; null where it must be read to know. */
export async function knownModelHash(file: string): Promise<string | null> {
  const known = await readRecord(pathOf(file), hashRecord);
  if (known === null) return null;
  const looks = await Promise.all(known.files.map(({ path }) => lookAt(path))).catch(() => []);
  return isSame(known.files, looks) ? known.sha256 : null;
}

/** @throws the system's error when there is no such file */
export async function lookAt(path: string): Promise<FileLook> {
  const { size, mtimeMs, ctimeMs } = await stat(path);
  return { path: resolve(path), bytes: size, modified: mtimeMs, changed: ctimeMs };
}

function isSettled({ modified, changed }: FileLook): boolean {
  const age = Date.now() - Math.max(modified, changed);
  return age > (modified % 1000 === 0 ? SETTLED.coarse : SETTLED.fine);
}

function isSame(before: readonly FileLook[], now: readonly FileLook[]): boolean {
  return JSON.stringify(before) === JSON.stringify(now);
}

function pathOf(file: string): string {
  const name = createHash('sha256').update(resolve(file)).digest('hex');
  return join(cacheFolder(), 'model-hashes', `${name}.json`);
}
