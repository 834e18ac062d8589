import type { FileStore } from '../../../src/core/profile/fileStore';

/** A profile folder in memory. Writes can be made to fail, as when a process is killed or a disk is full. */
export class MemoryFileStore implements FileStore {
  readonly files: Map<string, Uint8Array>;
  /** Number and bytes of reads so far. */
  readonly reads = { count: 0, bytes: 0 };
  /** Changes (writes and removals) that still succeed. */
  changesLeft = Infinity;
  changes = 0;

  constructor(files: Iterable<readonly [string, Uint8Array]> = []) {
    this.files = new Map(files);
  }

  size(name: string): Promise<number | null> {
    return Promise.resolve(this.files.get(name)?.length ?? null);
  }

  read(name: string, offset: number, length: number): Promise<Uint8Array> {
    const bytes = this.files.get(name);
    if (!bytes) return Promise.reject(new Error(`no file ${name}`));
    this.reads.count += 1;
    this.reads.bytes += length;
    return Promise.resolve(bytes.slice(offset, offset + length));
  }

  async readAll(name: string): Promise<Uint8Array> {
    return this.read(name, 0, (await this.size(name)) ?? 0);
  }

  list(folder: string): Promise<readonly string[]> {
    const names = [...this.files.keys()].filter((name) => folder === '' || name.startsWith(`${folder}/`));
    return Promise.resolve(names.sort());
  }

  async write(name: string, chunks: Iterable<Uint8Array>): Promise<void> {
    this.change();
    await Promise.resolve();
    const pieces = [...chunks];
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let offset = 0;
    for (const piece of pieces) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    this.files.set(name, bytes);
  }

  async remove(name: string): Promise<void> {
    if (!this.files.has(name)) return;
    this.change();
    this.files.delete(name);
    await Promise.resolve();
  }

  private change(): void {
    if (this.changesLeft <= 0) throw new Error('killed');
    this.changesLeft -= 1;
    this.changes += 1;
  }
}
