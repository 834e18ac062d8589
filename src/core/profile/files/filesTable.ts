import { Float64, tableFromIPC, Utf8, vectorFromArray } from 'apache-arrow';
import type { FileStore } from '../fileStore';
import type { CorpusFile } from '../../text/document';
import { damagedProfile } from '../damagedProfile';
import { encodeVectors } from '../table/encodeVectors';
import { requirePlausibleRows } from '../table/requirePlausibleRows';

/** Encodes the files of a corpus that were read to their end, with their hashes. */
export function encodeFiles(files: readonly CorpusFile[]): Promise<Uint8Array[]> {
  return encodeVectors({
    file: vectorFromArray(
      files.map(({ file }) => file),
      new Utf8(),
    ),
    bytes: vectorFromArray(
      files.map(({ bytes }) => bytes),
      new Float64(),
    ),
    sha256: vectorFromArray(
      files.map(({ sha256 }) => sha256),
      new Utf8(),
    ),
  });
}

/** @throws LensError `invalid-profile` when the file is missing or damaged. */
export async function readFiles(store: FileStore, name: string): Promise<CorpusFile[]> {
  if ((await store.size(name)) === null) throw damagedProfile(name, 'it is missing');
  const bytes = await store.readAll(name);
  try {
    const table = tableFromIPC(bytes);
    requirePlausibleRows(table, bytes);
    const [file, size, sha256] = ['file', 'bytes', 'sha256'].map((column) => table.getChild(column));
    if (!file || !size || !sha256) throw new Error('a column of it is missing');
    return Array.from({ length: table.numRows }, (_, row) => ({
      file: String(file.get(row)),
      bytes: Number(size.get(row)),
      sha256: String(sha256.get(row)),
    }));
  } catch (error) {
    throw damagedProfile(name, error instanceof Error ? error.message : String(error), error);
  }
}
