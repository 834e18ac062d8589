import type { CorpusFile } from '../../text/document';

/** One hash for all files: of their names and hashes, line by line. */
export function corpusHash(files: readonly CorpusFile[], sha256: (text: string) => string): string {
  return sha256(files.map((file) => `${file.sha256}  ${file.file}\n`).join(''));
}
