import { xxh32 } from '../../common/xxh32';
import { damagedProfile } from '../damagedProfile';
import type { FileStore } from '../fileStore';
import type { Manifest } from '../manifest';
import { isReadByRange } from '../profileFiles';

/** SHA-256, as the host offers it. */
export interface ContentHash {
  update(bytes: Uint8Array): void;
  /** @returns hexadecimal. */
  digest(): string;
}
export type CreateHash = () => ContentHash;

/** What the manifest says of each file of a profile, by name. */
export type FileRecords = NonNullable<Manifest['files']>;
export type FileRecord = FileRecords[string];

/** Of files that are read by range, so many first bytes have a check of their own: a reader takes them in first. */
export const HEAD_BYTES = 16_384;
/** Bytes that are hashed at once when a file is checked whole. */
const PIECE_BYTES = 1 << 22;

/** A store that keeps a record of what is written, for the manifest. */
export class RecordedStore implements FileStore {
  private readonly known: Map<string, FileRecord>;

  /** @param earlier of files that are there already. */
  constructor(
    private readonly store: FileStore,
    private readonly createHash: CreateHash,
    earlier: FileRecords = {},
  ) {
    this.known = new Map(Object.entries(earlier));
  }

  /** The records of the files of which the name is wanted, in the order of names. */
  records(isWanted: (name: string) => boolean): FileRecords {
    const wanted = [...this.known].filter(([name]) => isWanted(name));
    return Object.fromEntries(wanted.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  size(name: string): Promise<number | null> {
    return this.store.size(name);
  }

  read(name: string, offset: number, length: number): Promise<Uint8Array> {
    return this.store.read(name, offset, length);
  }

  readAll(name: string): Promise<Uint8Array> {
    return this.store.readAll(name);
  }

  list(folder: string): Promise<readonly string[]> {
    return this.store.list(folder);
  }

  async write(name: string, chunks: Iterable<Uint8Array>): Promise<void> {
    const recording = new Recording(this.createHash(), isReadByRange(name) ? HEAD_BYTES : Infinity);
    await this.store.write(name, recording.pass(chunks));
    this.known.set(name, recording.record());
  }

  async remove(name: string): Promise<void> {
    await this.store.remove(name);
    this.known.delete(name);
  }
}

/** A store that believes no file which is not as the manifest says. Rows that are read by range have checks of their own. */
export class CheckedStore implements FileStore {
  readonly write = (): Promise<never> => Promise.reject(new Error('a profile that is read is not written'));
  readonly remove = this.write;

  constructor(
    private readonly store: FileStore,
    private readonly records: FileRecords,
  ) {}

  async size(name: string): Promise<number | null> {
    const size = await this.store.size(name);
    if (size === null) return null;
    const { bytes } = this.recordOf(name);
    if (size !== bytes) throw damagedProfile(name, `it has ${size} bytes, and ${bytes} were written`);
    return size;
  }

  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    const bytes = await this.store.read(name, offset, length);
    const { checked } = this.recordOf(name);
    if (offset === 0 && length >= checked) this.check(name, bytes);
    return bytes;
  }

  async readAll(name: string): Promise<Uint8Array> {
    const bytes = await this.store.readAll(name);
    this.check(name, bytes);
    return bytes;
  }

  list(folder: string): Promise<readonly string[]> {
    return this.store.list(folder);
  }

  private check(name: string, bytes: Uint8Array): void {
    const { checked, xxh32: expected } = this.recordOf(name);
    if (bytes.length < checked || xxh32(bytes.subarray(0, checked)) !== expected) {
      throw damagedProfile(name, 'it is not what was written');
    }
  }

  private recordOf(name: string): FileRecord {
    const record = Object.hasOwn(this.records, name) ? this.records[name] : undefined;
    if (!record) throw damagedProfile(name, 'the manifest does not know it');
    return record;
  }
}

/**
 * Reads every file of a profile whole and compares it with its hash.
 * @throws LensError `invalid-profile` that names the first which is another.
 */
export async function verifyFiles(
  store: FileStore,
  records: FileRecords,
  createHash: CreateHash,
): Promise<void> {
  for (const [name, { bytes, sha256 }] of Object.entries(records)) {
    const size = await store.size(name);
    if (size === null) throw damagedProfile(name, 'it is missing');
    if (size !== bytes) throw damagedProfile(name, `it has ${size} bytes, and ${bytes} were written`);
    const hash = createHash();
    for (let offset = 0; offset < bytes; offset += PIECE_BYTES) {
      hash.update(await store.read(name, offset, Math.min(PIECE_BYTES, bytes - offset)));
    }
    if (hash.digest() !== sha256) throw damagedProfile(name, 'it is not what was written');
  }
}

/** Looks at the bytes of one file as they go by. */
class Recording {
  private bytes = 0;
  private readonly first: Uint8Array[] = [];
  private checked = 0;

  constructor(
    private readonly hash: ContentHash,
    private readonly mostChecked: number,
  ) {}

  *pass(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
    for (const chunk of chunks) {
      this.bytes += chunk.length;
      this.hash.update(chunk);
      if (this.checked < this.mostChecked) {
        const piece = chunk.slice(0, Math.min(chunk.length, this.mostChecked - this.checked));
        this.first.push(piece);
        this.checked += piece.length;
      }
      yield chunk;
    }
  }

  record(): FileRecord {
    const checked = new Uint8Array(this.checked);
    let at = 0;
    for (const piece of this.first) {
      checked.set(piece, at);
      at += piece.length;
    }
    return { bytes: this.bytes, sha256: this.hash.digest(), checked: this.checked, xxh32: xxh32(checked) };
  }
}
