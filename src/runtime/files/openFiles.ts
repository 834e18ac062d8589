import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  users: number;
  retired: boolean;
}

/**
 * Keeps the files that were read last open, so that many small reads cost one `open`. An open file stays what it was
 * when another is renamed over it, until `renew` is told of that one: looking at the disk before each read would cost
 * more than the read.
 */
export class OpenFiles {
  /** By path, in order of last use. */
  private readonly files = new Map<string, OpenFile>();

  /**
   * @param limit how many unused files may stay open.
   * @param open opens a file for reading
   */
  constructor(
    private readonly limit: number,
    private readonly open: (path: string) => Promise<FileHandle>,
  ) {}

  /** Reads from a file, which stays open at least until `read` is done. */
  async use<T>(path: string, read: (handle: FileHandle) => Promise<T>): Promise<T> {
    const file = this.take(path);
    file.users += 1;
    try {
      return await read(await file.handle);
    } catch (thrown) {
      this.retire(path, file);
      throw thrown;
    } finally {
      file.users -= 1;
      await closeIfDone(file);
      await this.closeOldest();
    }
  }

  /** Lets go of a file if it is another than the one that is on the disk now. */
  async renew(path: string, onDisk: Stats): Promise<void> {
    const file = this.files.get(path);
    if (file === undefined) return;
    const opened = await file.handle.then((handle) => handle.stat()).catch(() => null);
    if (opened === null || !isSameFile(opened, onDisk)) await this.release(path);
  }

  /** Lets go of a file that is about to be replaced or removed. */
  async release(path: string): Promise<void> {
    const file = this.files.get(path);
    if (file === undefined) return;
    this.retire(path, file);
    await closeIfDone(file);
  }

  async releaseAll(): Promise<void> {
    await Promise.all([...this.files.keys()].map((path) => this.release(path)));
  }

  private take(path: string): OpenFile {
    const file = this.files.get(path) ?? { handle: this.open(path), users: 0, retired: false };
    this.files.delete(path);
    this.files.set(path, file);
    return file;
  }

  private async closeOldest(): Promise<void> {
    for (const [path, file] of this.files) {
      if (this.files.size <= this.limit) return;
      if (file.users === 0) await this.release(path);
    }
  }

  private retire(path: string, file: OpenFile): void {
    file.retired = true;
    if (this.files.get(path) === file) this.files.delete(path);
  }
}

async function closeIfDone(file: OpenFile): Promise<void> {
  if (!file.retired || file.users > 0) return;
  const handle = await file.handle.catch(() => null);
  await handle?.close();
}

function isSameFile(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.size === other.size && one.mtimeMs === other.mtimeMs;
}
