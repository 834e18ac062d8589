import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { LensError } from '../../core/common/errors';
import type { FileRange } from '../../core/text/document';
import { nothingRead, type Skipped } from '../../core/text/skipped';
import { isMissing, readReason } from './fileErrors';
import { noteFile, walkFolder } from './walkFolder';
import type { WalkedFile, WalkResult, WalkRules } from './walkFolder';

/** Ends of names whose files hold no text: they are counted as binary without being opened. */
const BINARY_NAMES = new Set(
  (
    '7z arrow avi bin bmp br bz2 class dll dylib eot exe flac gif gz h5 heic ico jar jpeg jpg lz4 mkv mov mp3 mp4 ' +
    'node npy npz o ogg onnx otf parquet pdf png pt pth pyc rar safetensors so sqlite tar tgz tif tiff ttf vsix ' +
    'wasm wav webm webp whl woff woff2 xlsx docx pptx odt xz zip zst'
  ).split(' '),
);

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

export interface FoundFiles extends Omit<Skipped, 'brokenRecords'> {
  /** By name relative to the root, with forward slashes. */
  readonly files: ReadonlyMap<string, { readonly bytes: number }>;
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

  const named = once(result, nameOf).map(([path, file]) => [nameOf(path), file] as const);
  const skipped = {
    binary: named.flatMap(([file]) => (hasBinaryName(file) ? [file] : [])),
    ignored: result.ignored,
    unreadable: result.unreadable.map(({ path, ...fault }) => ({ file: nameOf(path), ...fault })),
  };
  const files = new Map(named.filter(([file]) => !hasBinaryName(file)));
  if (files.size > 0) return { files, ...skipped };
  const where = `There are no text files under ${request.inputs.join(', ')}`;
  throw nothingRead('not-found', where, { ...skipped, brokenRecords: [] });
}

/** Each file once, by its own path where that was found, else by the first link to it; notes the other links. */
function once(
  { files, unreadable }: WalkResult,
  nameOf: (path: string) => string,
): [path: string, file: WalkedFile][] {
  const inOrder = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const isLink = ([path, { realPath }]: (typeof inOrder)[number]): boolean => path !== realPath;
  const pathOf = new Map<string, string>();
  return [...inOrder.filter((entry) => !isLink(entry)), ...inOrder.filter(isLink)].filter(
    ([path, { realPath }]) => {
      const other = pathOf.get(realPath);
      if (other === undefined) pathOf.set(realPath, path);
      else unreadable.push({ path, fault: 'linkedTwice', reason: `it is the same file as ${nameOf(other)}` });
      return other === undefined;
    },
  );
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
  else if (found !== null) await noteFile(path, result);
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

function hasBinaryName(file: string): boolean {
  return BINARY_NAMES.has(file.slice(file.lastIndexOf('.') + 1).toLowerCase());
}
