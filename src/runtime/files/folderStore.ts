import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { LensError } from '../../core/common/errors';
import type { FileStore } from '../../core/profile/fileStore';
import { isMissing, readReason, writeError } from './fileErrors';
import { OpenFiles } from './openFiles';
import { TEMPORARY_SUFFIX, writeAtomically } from './writeAtomically';

const FILES_KEPT_OPEN = 32;

/**
 * A `FileStore` over a folder of the disk. Range reads leave files open until `close`: what another process puts in the
 * place of such a file is seen from the next `size` on.
 */
export class FolderStore implements FileStore {
  private readonly opened = new OpenFiles(FILES_KEPT_OPEN);

  /** @param folder path of the folder; it need not exist until something is written. */
  constructor(readonly folder: string) {}

  async size(name: string): Promise<number | null> {
    try {
      const path = this.pathOf(name);
      const found = await stat(path);
      await this.opened.renew(path, found);
      return found.isFile() ? found.size : null;
    } catch (thrown) {
      if (isMissing(thrown)) return null;
      throw this.readError(name, thrown);
    }
  }

  /** @throws LensError `unreadable-file`, also when the file ends before `offset + length`. */
  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    try {
      await this.opened.use(this.pathOf(name), async (file) => {
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
          if (bytesRead === 0) throw new Error(`it ends before byte ${offset + length}`);
          filled += bytesRead;
        }
      });
    } catch (thrown) {
      throw this.readError(name, thrown);
    }
    return bytes;
  }

  async readAll(name: string): Promise<Uint8Array> {
    try {
      return await readFile(this.pathOf(name));
    } catch (thrown) {
      throw this.readError(name, thrown);
    }
  }

  async list(folder: string): Promise<readonly string[]> {
    try {
      const entries = await readdir(this.pathOf(folder), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && !entry.name.endsWith(TEMPORARY_SUFFIX))
        .map((entry) => relative(this.folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort();
    } catch (thrown) {
      if (isMissing(thrown)) return [];
      throw this.readError(folder, thrown);
    }
  }

  async write(name: string, chunks: Iterable<Uint8Array>): Promise<void> {
    const path = this.pathOf(name);
    await this.opened.release(path);
    await writeAtomically(path, chunks);
  }

  async rename(from: string, to: string): Promise<void> {
    const [source, target] = [this.pathOf(from), this.pathOf(to)];
    await Promise.all([this.opened.release(source), this.opened.release(target)]);
    try {
      await mkdir(dirname(target), { recursive: true });
      await rename(source, target);
    } catch (thrown) {
      throw writeError(target, thrown);
    }
  }

  async remove(name: string): Promise<void> {
    const path = this.pathOf(name);
    await this.opened.release(path);
    try {
      await rm(path, { recursive: true, force: true });
    } catch (thrown) {
      throw writeError(path, thrown);
    }
  }

  /** Closes what range reads left open; the store may still be used afterwards. */
  async close(): Promise<void> {
    await this.opened.releaseAll();
  }

  /** Names come from manifests that others may have written: none may lead out of the folder. */
  private pathOf(name: string): string {
    const path = resolve(this.folder, name);
    const inside = relative(this.folder, path);
    if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside) {
      throw new LensError(
        'unreadable-file',
        `${name} lies outside ${this.folder}: the profile names a file that it may not.`,
      );
    }
    return path;
  }

  private readError(name: string, thrown: unknown): LensError {
    if (thrown instanceof LensError) return thrown;
    const reason = thrown instanceof Error && !('code' in thrown) ? thrown.message : readReason(thrown);
    return new LensError('unreadable-file', `${join(this.folder, name)} cannot be read: ${reason}.`, {
      cause: thrown,
    });
  }
}
