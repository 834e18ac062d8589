import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Uri, workspace } from 'vscode';
import { LensError } from '../../core/common/errors';
import { CONCEPTS_FILE } from '../../core/concepts/own/ownConcept';
import { isMissing, readReason } from '../../runtime/files/fileErrors';
import { writeAtomically } from '../../runtime/files/writeAtomically';
import type { Services } from '../lens';
import type { CurrentProfile } from '../profiles/currentProfile';
import { nameIn, rootsOnThisMachine } from '../places/corpusRoots';

const BYTE_ORDER_MARK = '\uFEFF';

/** The folder whose concepts.json is meant, and where that file stands. */
export interface ConceptsHome {
  readonly root: string;
  readonly path: string;
}

/** What says where concepts are kept: the profile that is meant, if there is one. */
export type ChosenProfile = Services<'context'> & { readonly current: Pick<CurrentProfile, 'entry'> };

/**
 * Where concepts of a file are kept: in the folder of the chosen profile where that holds the file, as its tests read them
 * there, else in the workspace folder that does.
 * @param file absolute path; null for what is of no file.
 * @throws LensError where neither is there
 */
export function homeOf({ context, current }: ChosenProfile, file: string | null): ConceptsHome {
  const profiled = current.entry
    ? rootsOnThisMachine(context.workspaceState, current.entry.manifest.corpus.root)
    : [];
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const root = [...profiled.filter((folder) => existsSync(folder)), ...folders].find(
    (folder) => file === null || nameIn(folder, file) !== null,
  );
  if (root === undefined) {
    const where = file === null ? 'No folder is open' : `${file} is in no folder that is open or profiled`;
    throw new LensError('usage', `${where}. Concepts are kept in a folder: open one first.`);
  }
  return { root, path: join(root, CONCEPTS_FILE) };
}

/** The text of concepts.json; null where there is none. @throws LensError where it cannot be read */
export async function readConceptsText({ path }: ConceptsHome): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    const reason = thrown instanceof TypeError ? 'it is no UTF-8' : readReason(thrown);
    throw new LensError('unreadable-file', `${path} cannot be read: ${reason}.`, { cause: thrown });
  }
}

/**
 * Changes concepts.json, whole or not at all.
 * @throws LensError where an editor holds changes of it that are not saved, and what `edit` throws: nothing is written then
 */
export async function editConcepts(home: ConceptsHome, edit: (text: string | null) => string): Promise<void> {
  const uri = Uri.file(home.path).toString();
  if (workspace.textDocuments.some((document) => document.isDirty && document.uri.toString() === uri)) {
    throw new LensError(
      'usage',
      `${CONCEPTS_FILE} has changes that are not saved. Save it first: nothing was written.`,
    );
  }
  const before = await readConceptsText(home);
  const mark = before?.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const text = mark + edit(before && before.slice(mark.length));
  // A link stays a link.
  const path = await realpath(home.path).catch(() => home.path);
  await writeAtomically(path, [new TextEncoder().encode(text)]);
}
