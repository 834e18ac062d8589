import type { Memento } from 'vscode';
import { corpusFile } from '../../core/profile/profileFiles';
import { FolderStore } from '../../runtime/files/folderStore';
import { nameIn, rootsOnThisMachine } from '../places/corpusRoots';
import type { ProfileEntry } from '../profiles/profileEntry';

/** The files of the profile that was asked about last: a pointer asks many times. */
export class CoveredFiles {
  private last: { readonly key: string; readonly files: Promise<ReadonlySet<string>> } | null = null;

  /** Whether a profile was made from a file, among others. */
  async include(memory: Memento, entry: ProfileEntry, path: string): Promise<boolean> {
    const roots = rootsOnThisMachine(memory, entry.manifest.corpus.root);
    const within = roots.map((root) => nameIn(root, path)).filter((name) => name !== null);
    if (within.length === 0) return false;
    const key = `${entry.folder} ${entry.manifest.corpus.sha256}`;
    if (this.last?.key !== key) this.last = { key, files: filesOf(entry) };
    const files = await this.last.files;
    return within.some((name) => files.has(name));
  }
}

async function filesOf({ folder, manifest }: ProfileEntry): Promise<ReadonlySet<string>> {
  const { readFiles } = await import('../profiles/profileTables');
  const files = await readFiles(new FolderStore(folder), corpusFile(manifest.snapshot));
  return new Set(files.map(({ file }) => file));
}
