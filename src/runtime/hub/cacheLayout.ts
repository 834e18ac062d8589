import { access, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { writeAtomically } from '../files/writeAtomically';
import type { Checksum, HubModel } from './hubModels';

/**
 * Where the files of one model lie in the cache that Python's huggingface_hub shares:
 * `blobs/HASH` holds the bytes, `snapshots/COMMIT/PATH` links to them, `refs/BRANCH` names the commit.
 */
export class CachedRepository {
  readonly folder: string;

  constructor(cacheFolder: string, id: string) {
    this.folder = join(cacheFolder, `models--${id.split('/').join('--')}`);
  }

  blob({ value }: Checksum): string {
    return join(this.folder, 'blobs', value);
  }

  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit);
  }

  /**
   * Puts a downloaded blob at its place in a snapshot. Where links are not allowed, as on Windows without developer
   * mode, the blob itself moves there, as in Python.
   */
  async link(checksum: Checksum, commit: string, path: string): Promise<void> {
    const blob = this.blob(checksum);
    const place = join(this.snapshot(commit), path);
    await mkdir(dirname(place), { recursive: true });
    await rm(place, { force: true });
    await symlink(relative(dirname(place), blob), place).catch(() => rename(blob, place));
  }

  /** Whether a snapshot has a file, and the file its bytes. */
  async has(commit: string, path: string): Promise<boolean> {
    return access(join(this.snapshot(commit), path)).then(
      () => true,
      () => false,
    );
  }

  /** Lets a branch or tag stand for the commit. */
  async pointTo({ commit }: HubModel, revision: string): Promise<void> {
    if (revision === commit) return;
    await writeAtomically(join(this.folder, 'refs', ...revision.split('/')), [
      new TextEncoder().encode(commit),
    ]);
  }
}
