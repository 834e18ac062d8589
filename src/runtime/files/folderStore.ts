import type { BigIntStats } from 'node:fs';
import { mkdir, open, readdir, readFile, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LensError } from '../../core/common/errors';
import type { FileStore } from '../../core/profile/fileStore';
import { isMissing, readReason, systemCode, writeError } from './fileErrors';
import { OpenFiles } from './openFiles';
import { findPlain, pathWithin, plainEntry } from './plainPath';
import { isTemporary } from './temporaryFiles';
import { replaceFile } from './writeAtomically';

const FILES_KEPT_OPEN = 32;

/**
 * A `FileStore` over a folder of the disk, which reads, writes and removes regular files and nothing else. Range reads
 * leave files open until `close`: what another process puts in the place of such a file is seen from the next `size` on.
 * All writing goes to one and the same folder: one that comes in its place is not touched.
 */
export class FolderStore implements FileStore {
  /** By name. */
  private readonly opened = new OpenFiles(FILES_KEPT_OPEN, async (name) => {
    await findPlain(this.folder, name);
    return open(pathWithin(this.folder, name), 'r');
  });
  private written: BigIntStats | null = null;

  /** @param folder path of the folder, which may be a link; it need not exist until something is written. */
  constructor(readonly folder: string) {}

  async size(name: string): Promise<number | null> {
    try {
      const found = await findPlain(this.folder, name);
      if (found === null) await this.requireStillThere();
      if (!found?.isFile()) return null;
      await this.opened.renew(name, found);
      return found.size;
    } catch (thrown) {
      throw this.readError(name, thrown);
    }
  }

  /** @throws LensError `unreadable-file`, also when the file ends before `offset + length`. */
  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    try {
      await this.opened.use(name, async (file) => {
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
          if (bytesRead === 0) throw new Error(`it ends before byte ${offset + length}`);
          filled += bytesRead;
        }
      });
    } catch (thrown) {
      await this.requireStillThere();
      throw this.readError(name, thrown);
    }
    return bytes;
  }

  async readAll(name: string): Promise<Uint8Array> {
    try {
      await findPlain(this.folder, name);
      return await readFile(pathWithin(this.folder, name));
    } catch (thrown) {
      await this.requireStillThere();
      throw this.readError(name, thrown);
    }
  }

  async list(folder: string): Promise<readonly string[]> {
    try {
      await findPlain(this.folder, folder);
      return (await this.filesBelow(folder)).sort();
    } catch (thrown) {
      await this.requireStillThere();
      if (isMissing(thrown)) return [];
      throw this.readError(folder, thrown);
    }
  }

  async write(name: string, chunks: Iterable<Uint8Array>): Promise<void> {
    const path = pathWithin(this.folder, name);
    await this.requireSameFolder();
    await this.opened.release(name);
    try {
      await findPlain(this.folder, name);
      await this.makeFolders(name);
    } catch (thrown) {
      throw writeError(path, thrown);
    }
    await replaceFile(path, chunks);
  }

  async remove(name: string): Promise<void> {
    const path = pathWithin(this.folder, name);
    await this.requireSameFolder();
    await this.opened.release(name);
    try {
      if ((await findPlain(this.folder, name)) === null) return;
      await unlink(path);
      for (const folder of foldersAbove(name)) await rmdir(join(this.folder, folder));
    } catch (thrown) {
      const isInUse = ['ENOTEMPTY', 'EEXIST'].includes(systemCode(thrown) ?? '');
      if (!isInUse && !isMissing(thrown)) throw writeError(path, thrown);
    }
  }

  /**
   * Makes sure of the folder that everything is written to: the one that is there at the first call, made if need be.
   * @throws LensError `write-failed` where it is not there any more, or another one is in its place
   */
  async requireSameFolder(): Promise<void> {
    try {
      if (this.written === null) await mkdir(this.folder, { recursive: true });
      const found = await stat(this.folder, { bigint: true });
      this.written ??= found;
      if (found.ino === this.written.ino && found.dev === this.written.dev) return;
    } catch (thrown) {
      if (this.written === null || !isMissing(thrown)) throw writeError(this.folder, thrown);
    }
    throw new LensError(
      'write-failed',
      `${this.folder} was moved, deleted or replaced while it was being written, so nothing more can be kept there. What was saved until then is where the folder is now: go on from there, or start again.`,
    );
  }

  /** Closes what range reads left open; the store may still be used afterwards. */
  async close(): Promise<void> {
    await this.opened.releaseAll();
  }

  /** Of a folder that is being written, what is missing may be so because the whole folder is. */
  private async requireStillThere(): Promise<void> {
    if (this.written !== null) await this.requireSameFolder();
  }

  private async filesBelow(folder: string): Promise<string[]> {
    const files: string[] = [];
    for (const entry of await readdir(pathWithin(this.folder, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) files.push(...(await this.filesBelow(name)));
      else if (!entry.isFile()) await plainEntry(pathWithin(this.folder, name));
      else if (!isTemporary(entry.name)) files.push(name);
    }
    return files;
  }

  /** Makes the folders of a file, but not the store's own, which may have been moved away. */
  private async makeFolders(name: string): Promise<void> {
    for (const folder of foldersAbove(name).reverse()) {
      await mkdir(join(this.folder, folder)).catch((thrown: unknown) => {
        if (systemCode(thrown) !== 'EEXIST') throw thrown;
      });
    }
  }

  private readError(name: string, thrown: unknown): LensError {
    if (thrown instanceof LensError) return thrown;
    const reason = thrown instanceof Error && !('code' in thrown) ? thrown.message : readReason(thrown);
    return new LensError('unreadable-file', `${join(this.folder, name)} cannot be read: ${reason}.`, {
      cause: thrown,
    });
  }
}

/** `a/b` and `a` of `a/b/c`. */
function foldersAbove(name: string): string[] {
  const folder = dirname(name);
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)];
}
