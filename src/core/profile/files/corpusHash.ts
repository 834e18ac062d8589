import type { CorpusFile } from '../../text/document';
import type { CreateHash } from './fileRecords';

/** One hash for all files: of their names and hashes, line by line. */
export function corpusHash(files: readonly CorpusFile[], createHash: CreateHash): string {
  const hash = createHash();
  hash.update(new TextEncoder().encode(files.map((file) => `${file.sha256}  ${file.file}\n`).join('')));
  return hash.digest();
}
