import { openConcept, type OpenConcept } from '../../core/concepts/conceptReading';
import { openProfile, type Profile } from '../../core/profile/openProfile';
import type { CorpusFile, FileState } from '../../core/text/document';
import { deflate } from '../files/deflate';
import { FileStates } from '../files/fileState';
import { FolderStore } from '../files/folderStore';
import { settleFolder } from './settleFolder';

/** A profile that is open, with the files that it keeps open. */
export interface OpenedProfile extends Profile {
  /** What is kept of a concept, read anew. @returns null where it was not tested. @throws LensError as `openConcept` */
  concept(name: string): Promise<OpenConcept | null>;
  close(): Promise<void>;
}

/**
 * Opens a profile for reading. It brings Arrow with it: an editor loads this module when it is first needed.
 * @param roots where the corpus may lie on this machine, by the root that the manifest names: a file is looked for in
 * each in turn
 * @throws LensError when the folder holds no profile, a damaged one, or one of a newer version
 */
export async function openProfileFolder(
  folder: string,
  roots: (profiled: string) => readonly string[] = (profiled) => [profiled],
): Promise<OpenedProfile> {
  await settleFolder(folder);
  const store = new FolderStore(folder);
  const states = new Map<string, FileStates>();
  const fileState = async (profiled: string, file: CorpusFile): Promise<FileState> => {
    for (const here of roots(profiled)) {
      const known = states.get(here) ?? new FileStates(here);
      states.set(here, known);
      const state = await known.stateOf(file);
      if (state !== 'missing') return state;
    }
    return 'missing';
  };
  const profile = await openProfile({ store, compression: deflate, fileState });
  return Object.assign(profile, {
    concept: async (name: string) => {
      await profile.refresh();
      return profile.read((stored) =>
        openConcept(store, stored.manifest, stored, name, (file) =>
          fileState(stored.manifest.corpus.root, file),
        ),
      );
    },
    close: () => store.close(),
  });
}
