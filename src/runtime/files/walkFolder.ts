import { readdir, realpath, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import { profileEntries } from '../profiles/folderContent';
import { isMissing, NOT_A_FILE, readFault, type ReadFault } from './fileErrors';
import { IgnoreRules } from './ignoreRules';

/** Never read, whatever the rules say: what is kept of a workspace's own concepts speaks of its text, and is none. */
const ALWAYS_OUT = new Set(['.git', '.hg', '.svn', 'node_modules', '.neuron-lens']);

const BROKEN_LINK: ReadFault = { fault: 'brokenLink', reason: 'it is a link to nothing' };
const LINKED_FOLDER: ReadFault = {
  fault: 'linkedFolder',
  reason: 'it is a link to a folder: name that folder itself to have it read',
};

const PROFILE: ReadFault = { fault: 'profile', reason: 'it is a profile, and no text' };

/** What a walk is to leave out. Paths are absolute. */
export interface WalkRules {
  readonly ignoreFiles: boolean;
  includes(path: string): boolean;
  excludes(path: string): boolean;
}

/** A file that was found, and where it lies if it was reached by a link. */
export interface WalkedFile {
  readonly bytes: number;
  /** Absolute path without a link in it. */
  readonly realPath: string;
}

export interface WalkResult {
  /** By absolute path. */
  readonly files: Map<string, WalkedFile>;
  /** Files and whole folders that a rule left out. */
  ignored: number;
  readonly unreadable: (ReadFault & { readonly path: string })[];
}

/**
 * Finds the files below a folder. A profile may lie within the corpus that it describes, and is no part of it. Links are followed to files, wherever these are, but not to folders: they would lead
 * to what is found anyway, in circles, or over the whole disk.
 */
export async function walkFolder(folder: string, rules: WalkRules, result: WalkResult): Promise<void> {
  await walk(folder, rules, rules.ignoreFiles ? await IgnoreRules.upFrom(folder) : null, result);
}

/**
 * Notes a file by its path, or why it is none that can be read: nothing but a regular file is ever opened.
 * @param realFolder where it lies, if it is no link and that is known.
 * @throws the system's error where it cannot be found
 */
export async function noteFile(path: string, result: WalkResult, realFolder?: string): Promise<void> {
  const found = await stat(path);
  const realPath = realFolder === undefined ? await realpath(path) : join(realFolder, basename(path));
  if (found.isFile()) result.files.set(path, { bytes: found.size, realPath });
  else if (found.isDirectory()) result.unreadable.push({ path, ...LINKED_FOLDER });
  else result.unreadable.push({ path, ...NOT_A_FILE });
}

async function walk(
  folder: string,
  rules: WalkRules,
  ignoreRules: IgnoreRules | null,
  result: WalkResult,
): Promise<void> {
  const visit = async (entry: Dirent): Promise<void> => {
    const path = join(folder, entry.name);
    const isFolder = entry.isDirectory();
    if (ALWAYS_OUT.has(entry.name)) return;
    if (rules.excludes(path) || ignoreRules?.ignores(path, isFolder)) {
      result.ignored += 1;
    } else if (isFolder) {
      const inner = rules.ignoreFiles ? await IgnoreRules.at(path, ignoreRules) : null;
      await walk(path, rules, inner, result);
    } else if (rules.includes(path)) {
      await noteFile(path, result, entry.isSymbolicLink() ? undefined : realFolder);
    }
  };
  const noteUnreadable = (path: string, isLink: boolean) => (thrown: unknown) => {
    const fault = isLink && isMissing(thrown) ? BROKEN_LINK : readFault(thrown);
    result.unreadable.push({ path, ...fault });
  };
  const realFolder = await realpath(folder).catch(() => folder);
  const entries = (await readdir(folder, { withFileTypes: true }).catch(noteUnreadable(folder, false))) ?? [];
  const profile = await profileEntries(folder, new Set(entries.map(({ name }) => name)));
  if (profile.size > 0) result.unreadable.push({ path: folder, ...PROFILE });
  const others = entries.filter(({ name }) => !profile.has(name));
  await Promise.all(
    others.map((entry) => {
      return visit(entry).catch(noteUnreadable(join(folder, entry.name), entry.isSymbolicLink()));
    }),
  );
}
