import { access } from 'node:fs/promises';
import type { Memento } from 'vscode';
import { LensError } from '../../core/common/errors';
import { formatCount } from '../../core/common/numberFormat';
import { corpusFile } from '../../core/profile/profileFiles';
import type { CorpusFile } from '../../core/text/document';
import { FolderStore } from '../../runtime/files/folderStore';
import { pathWithin } from '../../runtime/files/plainPath';
import { rootsOnThisMachine } from '../places/corpusRoots';
import type { ProfileEntry } from './profileEntry';

/** The files that a profile was made from, as far as they are on this machine. */
export interface FilesHere {
  /** Absolute path that their names are relative to. */
  readonly root: string;
  /** Absolute paths. */
  readonly inputs: readonly string[];
  /** A sentence where some of them are not there, or null. */
  readonly missing: string | null;
}

/** The files that a profile was made from, by their names in it. */
export async function profiledFiles({
  folder,
  manifest,
}: Pick<ProfileEntry, 'folder' | 'manifest'>): Promise<readonly CorpusFile[]> {
  const { readFiles } = await import('./profileTables');
  const store = new FolderStore(folder);
  try {
    return await readFiles(store, corpusFile(manifest.snapshot));
  } finally {
    await store.close();
  }
}

/**
 * Looks for the files of a profile under each folder that their corpus may lie in.
 * @throws LensError `not-found` where none of them is there
 */
export async function profiledFilesHere(memory: Memento, entry: ProfileEntry): Promise<FilesHere> {
  const files = await profiledFiles(entry);
  const profiled = entry.manifest.corpus.root;
  const roots = rootsOnThisMachine(memory, profiled);
  for (const root of roots) {
    const paths = files.map(({ file }) => pathWithin(root, file));
    const there = await Promise.all(paths.map(isThere));
    const inputs = paths.filter((_, at) => there[at]);
    if (inputs.length > 0) return { root, inputs, missing: missingWords(files.length, inputs.length, root) };
  }
  throw new LensError(
    'not-found',
    `None of the ${formatCount(files.length)} files of the profile “${entry.name}” is under ${roots.join(' or ')} on ` +
      'this machine. Open an example of the profile to say where they lie now.',
  );
}

function missingWords(profiled: number, found: number, root: string): string | null {
  if (found === profiled) return null;
  return (
    `Of ${formatCount(profiled)} profiled files ${formatCount(profiled - found)} are no longer under ${root}: ` +
    'the others were run.'
  );
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
