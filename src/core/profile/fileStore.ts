/** A folder of files as profiles are stored in one. Names are relative to it, with forward slashes. */
export interface FileStore {
  /** @returns null when there is no such file. */
  size(name: string): Promise<number | null>;
  read(name: string, offset: number, length: number): Promise<Uint8Array>;
  readAll(name: string): Promise<Uint8Array>;
  /** Names of all files below a folder, in code-unit order; none when there is no such folder. `''` is the store itself. */
  list(folder: string): Promise<readonly string[]>;
  /** Whole or not at all: written under a temporary name, flushed, renamed. */
  write(name: string, chunks: Iterable<Uint8Array>): Promise<void>;
  /** A file, with the folders that are empty without it; nothing when there is none. */
  remove(name: string): Promise<void>;
}
