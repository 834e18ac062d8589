import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { isMissing } from './fileErrors';

const IGNORE_FILE = '.gitignore';
/** As git itself: names differ by case only on Linux. */
const ignorecase = process.platform === 'win32' || process.platform === 'darwin';

/** The rules of a folder's .gitignore, and of those in the folders above it. */
export class IgnoreRules {
  private constructor(
    private readonly folder: string,
    private readonly rules: Ignore,
    private readonly outer: IgnoreRules | null,
  ) {}

  /** The rules in force in `folder`: its own, those of the folders up to the repository's root, and theirs. */
  static async upFrom(folder: string): Promise<IgnoreRules | null> {
    const root = repositoryRoot(folder);
    if (root === null) return IgnoreRules.at(folder, null);
    let rules: IgnoreRules | null = null;
    const steps = relative(root, folder).split(sep).filter(Boolean);
    for (let depth = 0; depth <= steps.length; depth++) {
      rules = await IgnoreRules.at(join(root, ...steps.slice(0, depth)), rules);
    }
    return rules;
  }

  /** `outer`, with the folder's own .gitignore added where it has one. */
  static async at(folder: string, outer: IgnoreRules | null): Promise<IgnoreRules | null> {
    try {
      const lines = await readFile(join(folder, IGNORE_FILE), 'utf8');
      return new IgnoreRules(folder, ignore({ ignorecase }).add(lines), outer);
    } catch (thrown) {
      if (isMissing(thrown)) return outer;
      throw thrown;
    }
  }

  /** The innermost .gitignore that says anything about a path decides. */
  ignores(path: string, isFolder: boolean): boolean {
    const inside = relative(this.folder, path).split(sep).join('/') + (isFolder ? '/' : '');
    const { ignored, unignored } = this.rules.test(inside);
    if (ignored || unignored) return ignored;
    return this.outer?.ignores(path, isFolder) ?? false;
  }
}

function repositoryRoot(folder: string): string | null {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? null : repositoryRoot(parent);
}
