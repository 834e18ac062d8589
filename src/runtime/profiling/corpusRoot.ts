import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';

/**
 * The folder that file names of a profile are relative to: the working directory where it holds all inputs
 * (names can then be clicked in its terminal), else the inputs' common folder.
 * @param inputs files, folders or globs
 * @returns an absolute path
 */
export async function corpusRoot(
  inputs: readonly string[],
  workingDirectory = process.cwd(),
): Promise<string> {
  const fixed = inputs.map((input) => resolve(workingDirectory, beforeWildcard(input)));
  if (fixed.every((path) => holds(workingDirectory, path))) return workingDirectory;
  const folders = await Promise.all(fixed.map(folderOf));
  return folders.reduce((common, folder) => {
    let shared = common;
    while (!holds(shared, folder)) shared = dirname(shared);
    return shared;
  });
}

function holds(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
}

async function folderOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ? path : dirname(path);
}

/** The part of a glob before its first wildcard, up to a whole folder. */
function beforeWildcard(input: string): string {
  const wildcard = input.search(/[*?{[]/);
  return wildcard < 0 ? input : input.slice(0, wildcard).replace(/[^\\/]*$/, '') || '.';
}
