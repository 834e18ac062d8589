import type { OwnConcept } from '../../core/concepts/own/ownConcept';
import { StoredProfile } from '../../core/profile/storedProfile';
import { deflate } from '../files/deflate';
import { FileStates } from '../files/fileState';
import { FolderStore } from '../files/folderStore';

/**
 * What is said of labels on files that are not what they were when they were profiled: whoever made the labels may have
 * seen another text than the one that they are laid on, which is the profile's.
 * @returns null where all labelled files are as they were, or gone
 */
export async function changedFilesSentence(
  folder: string,
  own: readonly OwnConcept[],
): Promise<string | null> {
  const labelled = new Set(own.flatMap(filesOf));
  if (labelled.size === 0) return null;
  const store = new FolderStore(folder);
  try {
    const profile = await StoredProfile.open(store, deflate);
    const states = new FileStates(profile.manifest.corpus.root);
    const changed: string[] = [];
    for (const file of (await profile.files()).values()) {
      if (labelled.has(file.file) && (await states.stateOf(file)) === 'changed') changed.push(file.file);
    }
    const [first] = changed;
    if (first === undefined) return null;
    const files =
      changed.length === 1 ? `${first} has` : `${changed.length} labelled files have (the first is ${first})`;
    return `${files} changed since the profile was made. Labels are laid on the text as it was then: where they were made for the new one, profile again.`;
  } finally {
    await store.close();
  }
}

function filesOf(own: OwnConcept): string[] {
  const given = [own.kind === 'labels' ? own.labels : undefined, own.examples, own.counterExamples];
  return given.flatMap((labels) => [...(labels?.keys() ?? [])]);
}
