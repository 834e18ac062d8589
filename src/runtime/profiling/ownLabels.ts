import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LensError, toLensError } from '../../core/common/errors';
import {
  faultSentence,
  readConceptsFile,
  type SavedConcept,
  type SavedExceptions,
} from '../../core/concepts/own/conceptsFile';
import { labelTable } from '../../core/concepts/own/labelTable';
import { CONCEPTS_FILE, type FileLabel, type OwnConcept } from '../../core/concepts/own/ownConcept';
import { treebankLabels, treebankQuestion } from '../../core/concepts/own/treebankLabels';
import type { FileState } from '../../core/text/document';
import { readManifest } from '../../core/profile/manifestFile';
import { StoredProfile } from '../../core/profile/storedProfile';
import { deflate } from '../files/deflate';
import { FileStates } from '../files/fileState';
import { surveyFile } from '../files/fileText';
import { FolderStore } from '../files/folderStore';
import { readText } from '../files/readText';

/** What became of a file since it was profiled, and what to do. */
const NOT_THE_SAME: Readonly<Record<Exclude<FileState, 'same'>, string>> = {
  changed: 'has changed since it was profiled. Profile again.',
  missing: 'is gone since it was profiled. Profile again.',
  unreadable: 'cannot be read any more. See to its permissions, or profile again without it.',
};

/**
 * Concepts from labels: a table of them, or a column or feature of the profile's own treebanks.
 * @param asked a file's name, or `COLUMN=VALUE`.
 * @throws LensError for what cannot be read, and for treebanks that are not what was profiled
 */
export async function readOwnLabels(
  folder: string,
  asked: string,
  notice: (sentence: string) => void,
  signal: AbortSignal,
): Promise<OwnConcept[]> {
  const question = existsSync(asked) ? null : treebankQuestion(asked);
  if (question === null) return labelTable(asked, await readText(asked, signal, notice));
  const store = new FolderStore(folder);
  try {
    const profile = await StoredProfile.open(store, deflate);
    const { root } = profile.manifest.corpus;
    const states = new FileStates(root);
    const labels = new Map<string, FileLabel[]>();
    for (const file of (await profile.files()).values()) {
      if (!/\.conllu$/i.test(file.file)) continue;
      const state = await states.stateOf(file);
      if (state !== 'same') {
        throw new LensError('usage', `${file.file} ${NOT_THE_SAME[state]}`);
      }
      const text = await surveyFile(join(root, file.file), signal);
      labels.set(file.file, await treebankLabels(text.chunks(), question));
    }
    if (labels.size === 0) {
      throw new LensError(
        'usage',
        `${asked} asks for words of .conllu files, of which the profile has none.`,
      );
    }
    return [{ kind: 'labels', name: asked, source: 'conllu', pattern: asked, labels }];
  } finally {
    await store.close();
  }
}

/** What a corpus's folder keeps of concepts, and a sentence for each that is left out. */
export interface SavedConcepts {
  readonly concepts: readonly OwnConcept[];
  /** Where the labels of concepts that stand elsewhere are wrong. */
  readonly exceptions: readonly SavedExceptions[];
  readonly faults: readonly LensError[];
}

/**
 * The concepts that the corpus's folder keeps (core/concepts/own/conceptsFile.ts); none without the file. What is wrong
 * with one leaves the others as they are.
 * @throws LensError where the file or the profile cannot be read at all, and the signal's reason
 */
export async function readSavedConcepts(
  folder: string,
  notice: (sentence: string) => void,
  signal: AbortSignal,
): Promise<SavedConcepts> {
  const store = new FolderStore(folder);
  const { root } = (await readManifest(store).finally(() => store.close())).corpus;
  const path = join(root, CONCEPTS_FILE);
  if (!existsSync(path)) return { concepts: [], exceptions: [], faults: [] };
  const saved = readConceptsFile(await readText(path, signal, notice));
  const faults = saved.faults.map((fault) => new LensError('usage', faultSentence(fault)));
  const concepts: OwnConcept[] = [];
  for (const concept of saved.concepts) {
    try {
      concepts.push(await withLabels(concept, folder, root, notice, signal));
    } catch (thrown) {
      signal.throwIfAborted();
      const reason = toLensError(thrown).message.replace(/\.$/, '');
      faults.push(new LensError('usage', faultSentence({ line: concept.line, reason }), { cause: thrown }));
    }
  }
  return { concepts, exceptions: saved.exceptions, faults };
}

async function withLabels(
  { name, found, examples, counterExamples }: SavedConcept,
  folder: string,
  root: string,
  notice: (sentence: string) => void,
  signal: AbortSignal,
): Promise<OwnConcept> {
  const marked = { name, examples, counterExamples };
  if (found.by === 'regex') return { ...marked, kind: 'regex', pattern: found.pattern };
  if (found.by === 'words') return { ...marked, kind: 'words', words: found.words };
  if (found.by === 'examples') {
    return { ...marked, kind: 'labels', source: 'labels', pattern: 'examples', labels: new Map() };
  }
  const { asked } = found;
  const inFolder = existsSync(join(root, asked)) ? join(root, asked) : asked;
  const read = await readOwnLabels(folder, inFolder, notice, signal);
  const [labelled] = read.length === 1 ? read : read.filter((concept) => concept.name === name);
  if (labelled?.kind !== 'labels') {
    throw new LensError('usage', `${asked} has several labels, and none is called "${name}".`);
  }
  return { ...labelled, ...marked, pattern: asked };
}
