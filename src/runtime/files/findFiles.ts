import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { LensError } from '../../core/common/errors';
import type { FileRange } from '../../core/text/document';
import { hasBinaryName } from './binaryNames';
import { isMissing, readReason } from './fileErrors';
import { walkFolder } from './walkFolder';
import type { WalkResult, WalkRules } from './walkFolder';

/** What a user asks to be read. */
export interface CorpusRequest {
  /** Absolute path that inputs, globs and file names are relative to. */
  readonly root: string;
  /** Files, folders and globs. A file that is named is read even where an ignore file lists it. */
  readonly inputs: readonly string[];
  /** Globs, of which a file found in a folder must match one; none means all. Without a slash they match the name. */
  readonly include?: readonly string[];
  /** Globs of files and folders that are left out. */
  readonly exclude?: readonly string[];
  /** Column or key that holds the text in structured files; found by its name if not given. */
  readonly textField?: string | null;
  /** The stretch that is read of the one file that is asked for; all of it if not given. */
  readonly range?: FileRange | undefined;
  /** Whether .gitignore files count; true if not given. */
  readonly ignoreFiles?: boolean;
}

export interface FoundFiles {
  /** By name relative to the root, with forward slashes. */
  readonly files: ReadonlyMap<string, { readonly bytes: number }>;
  readonly binary: number;
  readonly ignored: number;
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
}

/**
 * Finds the files that a request means.
 * @throws LensError `not-found` when an input is not there, or there is nothing to read under any of them.
 */
export async function findFiles(request: CorpusRequest): Promise<FoundFiles> {
  const { root } = request;
  const nameOf = (path: string): string => relative(root, path).split(sep).join('/');
  const matches = (globs: readonly string[]): ((path: string) => boolean) => {
    const matchers = globs.map((glob) => picomatch(glob, { dot: true, basename: !glob.includes('/') }));
    return (path) => matchers.some((matcher) => matcher(nameOf(path)));
  };
  const rules: WalkRules = {
    ignoreFiles: request.ignoreFiles ?? true,
    includes: request.include?.length ? matches(request.include) : () => true,
    excludes: matches(request.exclude ?? []),
  };
  const result: WalkResult = { files: new Map(), ignored: 0, unreadable: [] };
  for (const input of request.inputs) await findInput(input, root, rules, result);

  const all = [...result.files].map(([path, found]) => [nameOf(path), found] as const);
  const files = all.filter(([file]) => !hasBinaryName(file));
  const found = {
    files: new Map(files),
    binary: all.length - files.length,
    ignored: result.ignored,
    unreadable: result.unreadable.map(({ path, reason }) => ({ file: nameOf(path), reason })),
  };
  if (files.length === 0) throw nothingFound(request, found);
  return found;
}

async function findInput(input: string, root: string, rules: WalkRules, result: WalkResult): Promise<void> {
  const path = resolve(root, input);
  const found = await stat(path).catch((thrown: unknown) => {
    if (isMissing(thrown)) return null;
    throw new LensError('unreadable-file', `${path} cannot be read: ${readReason(thrown)}.`, {
      cause: thrown,
    });
  });
  if (found?.isDirectory()) await walkFolder(path, rules, result);
  else if (found !== null) result.files.set(path, { bytes: found.size });
  else if (picomatch.scan(input).isGlob) await findGlob(input, root, rules, result);
  else throw new LensError('not-found', `There is no file or folder ${path}: check its name.`);
}

async function findGlob(glob: string, root: string, rules: WalkRules, result: WalkResult): Promise<void> {
  const { base, glob: pattern } = picomatch.scan(glob.split(sep).join('/'));
  const folder = resolve(root, base);
  const matches = picomatch(pattern, { dot: true });
  const inFolder = (path: string): string => relative(folder, path).split(sep).join('/');
  const includes = (path: string): boolean => matches(inFolder(path)) && rules.includes(path);
  await walkFolder(folder, { ...rules, includes }, result);
}

function nothingFound({ inputs }: CorpusRequest, { binary, ignored }: FoundFiles): LensError {
  const left = [
    ignored > 0 ? `${ignored} ignored by .gitignore or an exclude rule` : '',
    binary > 0 ? `${binary} binary` : '',
  ].filter(Boolean);
  const found = left.length > 0 ? ` (${left.join(', ')})` : '';
  return new LensError(
    'not-found',
    `There are no text files under ${inputs.join(', ')}${found}: choose other files, or change what is left out.`,
  );
}
