import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CorpusFile, FileState } from '../../core/text/document';
import { isMissing, systemCode } from './fileErrors';
import { hashFile } from './hashFile';

/** Tells whether files of a corpus are still what they were. Each is hashed again only after it was touched. */
export class FileStates {
  /** By path. */
  private readonly hashes = new Map<string, { readonly touched: string; readonly sha256: string }>();

  /** @param root what the file names are relative to, which may be another place than when they were profiled. */
  constructor(private readonly root: string) {}

  async stateOf(profiled: CorpusFile): Promise<FileState> {
    const path = join(this.root, profiled.file);
    try {
      const found = await stat(path);
      // A pipe or a folder of that name: it could be waited for without end.
      if (!found.isFile()) return 'missing';
      const { size, mtimeMs, ctimeMs } = found;
      if (size !== profiled.bytes) return 'changed';
      const sha256 = await this.hashOf(path, `${size} ${mtimeMs} ${ctimeMs}`);
      return sha256 === profiled.sha256 ? 'same' : 'changed';
    } catch (thrown) {
      if (isMissing(thrown)) return 'missing';
      if (systemCode(thrown) !== null) return 'unreadable';
      throw thrown;
    }
  }

  private async hashOf(path: string, touched: string): Promise<string> {
    const known = this.hashes.get(path);
    if (known?.touched === touched) return known.sha256;
    const { sha256 } = await hashFile(path);
    this.hashes.set(path, { touched, sha256 });
    return sha256;
  }
}
