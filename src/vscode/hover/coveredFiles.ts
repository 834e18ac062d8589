import type { Memento } from 'vscode';
import { nameIn, rootsOnThisMachine } from '../places/corpusRoots';
import type { ProfileEntry } from '../profiles/profileEntry';
import { profiledFiles } from '../profiles/profiledFiles';

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

async function filesOf(entry: ProfileEntry): Promise<ReadonlySet<string>> {
  const files = await profiledFiles(entry);
  return new Set(files.map(({ file }) => file));
}
