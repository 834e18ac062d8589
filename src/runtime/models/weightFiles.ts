import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { LensError } from '../../core/common/errors';
import type { OnnxModel } from '../../core/onnx/protobuf/model';
import { isMissing } from '../files/fileErrors';
import { regularFile } from '../files/regularFile';

/** The files beside a model file that hold its weights. */
export interface WeightFiles {
  /** Absolute paths, links followed, by the names that the model gives them, sorted by name. */
  readonly paths: ReadonlyMap<string, string>;
  /** Folder from which onnxruntime is to read them. */
  readonly folder: string;
  /** Their names from that folder, where these differ from those that the model gives. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * Finds the weights that a model keeps in other files. They may be links into any store (the Hub's cache, DVC, Nix),
 * which onnxruntime refuses to follow out of a folder: then the files themselves are named, from a folder above all.
 * @throws LensError when a name leads out of the model's folder, nowhere, or to anything but a file
 */
export async function findWeightFiles(modelFile: string, model: OnnxModel): Promise<WeightFiles> {
  const folder = path.dirname(modelFile);
  const names = new Set<string>();
  for (const { external } of model.graph.initializers.values()) if (external) names.add(external.location);
  if (names.size === 0) return { paths: new Map(), folder, renamed: new Map() };
  const paths = new Map<string, string>();
  for (const name of [...names].sort()) paths.set(name, await findFile(modelFile, name));
  const home = await realpath(folder);
  const targets = [...paths.values()];
  const base = targets.every((file) => isWithin(home, file)) ? home : folderAbove(targets);
  const named = [...paths].map(
    ([name, file]) => [name, path.relative(base, file).replaceAll(path.sep, '/')] as const,
  );
  return { paths, folder: base, renamed: new Map(named.filter(([name, now]) => name !== now)) };
}

/** The file of a name, beside the model file or, where that is a link, beside what it leads to. */
async function findFile(modelFile: string, name: string): Promise<string> {
  const folder = path.dirname(modelFile);
  const file = path.resolve(folder, name);
  if (name === '' || path.isAbsolute(name) || file === folder || !isWithin(folder, file)) {
    throw new LensError(
      'invalid-model',
      `${modelFile} wants weights from "${name}", outside its own folder. Do not trust this file.`,
    );
  }
  const advice = `${modelFile} needs it for its weights: fetch it as well.`;
  try {
    await regularFile(file, advice);
    return await realpath(file);
  } catch (thrown) {
    const beside = path.resolve(path.dirname(await realpath(modelFile)), name);
    if (beside === file || !(thrown instanceof LensError && isMissing(thrown.cause))) throw thrown;
    await regularFile(beside, advice);
    return realpath(beside);
  }
}

function isWithin(folder: string, file: string): boolean {
  const steps = path.relative(folder, file);
  return !path.isAbsolute(steps) && steps.split(path.sep)[0] !== '..';
}

/** The deepest folder that all files are in, at whatever depth. */
function folderAbove([first = '', ...others]: readonly string[]): string {
  let folder = path.dirname(first);
  while (!others.every((file) => isWithin(folder, file))) folder = path.dirname(folder);
  return folder;
}
