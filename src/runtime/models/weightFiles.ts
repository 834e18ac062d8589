import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { LensError } from '../../core/common/errors';
import type { OnnxModel } from '../../core/onnx/protobuf/model';

/** The files beside a model file that hold its weights. */
export interface WeightFiles {
  /** Absolute paths by the names that the model gives them, sorted by name. */
  readonly paths: ReadonlyMap<string, string>;
  /** Folder from which onnxruntime is to read them. */
  readonly folder: string;
  /** The names by which they stand in that folder, where these differ. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * Finds the weights that a model keeps in other files. In the Hugging Face cache these are links to blobs elsewhere,
 * which onnxruntime refuses to follow, so the blobs are named instead.
 * @throws LensError when a name leads out of the model's folder or nowhere
 */
export async function findWeightFiles(modelFile: string, model: OnnxModel): Promise<WeightFiles> {
  const folder = path.dirname(modelFile);
  const names = new Set<string>();
  for (const { external } of model.graph.initializers.values()) if (external) names.add(external.location);
  const paths = new Map<string, string>();
  for (const name of [...names].sort()) paths.set(name, await findFile(modelFile, folder, name));
  const targets = [...paths].map(([name, file]) => [name, file] as const);
  const folders = new Set(targets.map(([, file]) => path.dirname(file)));
  const [blobs] = folders;
  if (blobs === undefined || folders.size > 1 || path.basename(blobs) !== 'blobs') {
    return { paths, folder, renamed: new Map() };
  }
  return {
    paths,
    folder: blobs,
    renamed: new Map(targets.map(([name, file]) => [name, path.basename(file)])),
  };
}

async function findFile(modelFile: string, folder: string, name: string): Promise<string> {
  const file = path.resolve(folder, name);
  if (name === '' || path.isAbsolute(name) || path.relative(folder, file).startsWith('..')) {
    throw new LensError(
      'invalid-model',
      `${modelFile} wants weights from "${name}", outside its own folder. Do not trust this file.`,
    );
  }
  return realpath(file).catch((cause: unknown) => {
    throw new LensError(
      'not-found',
      `${modelFile} needs the file ${file}, which is missing. Fetch it as well.`,
      {
        cause,
      },
    );
  });
}
