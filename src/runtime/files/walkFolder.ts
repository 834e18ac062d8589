import { readdir, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE, SITES_FILE } from '../../core/profile/profileFiles';
import { readReason } from './fileErrors';
import { IgnoreRules } from './ignoreRules';

/** Never read, whatever the rules say. */
const ALWAYS_OUT = new Set(['.git', '.hg', '.svn', 'node_modules']);
/** A folder with all of these is a profile, which may lie within the corpus that it describes. */
const PROFILE_FILES = [MANIFEST_FILE, SITES_FILE];

/** What a walk is to leave out. Paths are absolute. */
export interface WalkRules {
  readonly ignoreFiles: boolean;
  includes(path: string): boolean;
  excludes(path: string): boolean;
}

export interface WalkResult {
  /** By absolute path. */
  readonly files: Map<string, { readonly bytes: number }>;
  /** Files and whole folders that a rule left out. */
  ignored: number;
  readonly unreadable: { readonly path: string; readonly reason: string }[];
}

/** Finds the files below a folder. Links are not followed: they lead to files that are found anyway, or in circles. */
export async function walkFolder(folder: string, rules: WalkRules, result: WalkResult): Promise<void> {
  await walk(folder, rules, rules.ignoreFiles ? await IgnoreRules.upFrom(folder) : null, result);
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
    if ((!isFolder && !entry.isFile()) || ALWAYS_OUT.has(entry.name)) return;
    if (rules.excludes(path) || ignoreRules?.ignores(path, isFolder)) {
      result.ignored += 1;
    } else if (isFolder) {
      const inner = rules.ignoreFiles ? await IgnoreRules.at(path, ignoreRules) : null;
      await walk(path, rules, inner, result);
    } else if (rules.includes(path)) {
      result.files.set(path, { bytes: (await stat(path)).size });
    }
  };
  const noteUnreadable = (path: string) => (thrown: unknown) => {
    result.unreadable.push({ path, reason: readReason(thrown) });
  };
  const entries = (await readdir(folder, { withFileTypes: true }).catch(noteUnreadable(folder))) ?? [];
  if (PROFILE_FILES.every((file) => entries.some(({ name }) => name === file))) return;
  await Promise.all(entries.map((entry) => visit(entry).catch(noteUnreadable(join(folder, entry.name)))));
}
