import { isAbsolute, relative, sep } from 'node:path';
import type { Memento } from 'vscode';
import { corpusFile } from '../../core/profile/profileFiles';
import { FolderStore } from '../../runtime/files/folderStore';
import { rootOnThisMachine } from '../places/corpusRoots';
import type { ProfileEntry } from '../profiles/profileEntry';

/** The files of the profile that was asked about last: a pointer asks many times. */
export class CoveredFiles {
  private last: { readonly key: string; readonly files: Promise<ReadonlySet<string>> } | null = null;

  /** Whether a profile was made from a file, among others. */
  async include(memory: Memento, entry: ProfileEntry, path: string): Promise<boolean> {
    const root = rootOnThisMachine(memory, entry.manifest.corpus.root);
    const name = relative(root, path).split(sep).join('/');
    if (name.startsWith('../') || isAbsolute(name)) return false;
    const key = `${entry.folder} ${entry.manifest.corpus.sha256}`;
    if (this.last?.key !== key) this.last = { key, files: filesOf(entry) };
    return (await this.last.files).has(name);
  }
}

async function filesOf({ folder, manifest }: ProfileEntry): Promise<ReadonlySet<string>> {
  const { readFiles } = await import('../profiles/profileTables');
  const files = await readFiles(new FolderStore(folder), corpusFile(manifest.snapshot));
  return new Set(files.map(({ file }) => file));
}
