import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LensError } from '../../core/common/errors';
import { parseHubId } from '../models/hubId';
import { listModelFiles } from '../models/modelFiles';
import { CachedRepository } from './cacheLayout';

/** A model with ONNX files in the Hugging Face cache. */
export interface CachedModel {
  readonly id: string;
  /** Ready to be opened: the snapshot that changed last. */
  readonly folder: string;
  readonly dtypes: readonly string[];
  /** Of all that is kept of the model, in every dtype and revision, half downloads included. */
  readonly bytes: number;
  /** Weights of other programs, such as PyTorch's, lie in the same place. */
  readonly isShared: boolean;
}

const REPOSITORY = /^models--(.+)$/;
const OTHER_WEIGHTS = /\.(safetensors|bin|pt|pth|h5|gguf|msgpack)$/;

/** The models of the cache that can be opened, by name. */
export async function cachedModels(cacheFolder: string): Promise<CachedModel[]> {
  const names = await readdir(cacheFolder).catch(() => []);
  const ids = names.flatMap((name) => REPOSITORY.exec(name)?.[1]?.replace('--', '/') ?? []);
  const models = await Promise.all(ids.sort().map((id) => describe(cacheFolder, id)));
  return models.filter((model) => model !== null);
}

/**
 * Deletes all that the cache keeps of a model.
 * @returns what was deleted.
 * @throws LensError `not-found`, or `usage` when other programs' weights lie there and `force` is not given.
 */
export async function removeCachedModel(
  cacheFolder: string,
  id: string,
  { force = false } = {},
): Promise<CachedModel> {
  const model = parseHubId(id)?.id === id ? await describe(cacheFolder, id) : null;
  if (model === null) {
    throw new LensError(
      'not-found',
      `There is no downloaded model ${id} in ${cacheFolder}: see the list of models.`,
    );
  }
  if (model.isShared && !force) {
    throw new LensError(
      'usage',
      `${id} also has weights that other programs use, such as PyTorch: remove it with --force if they may go too.`,
    );
  }
  await rm(new CachedRepository(cacheFolder, id).folder, { recursive: true });
  return model;
}

async function describe(cacheFolder: string, id: string): Promise<CachedModel | null> {
  const { folder: repository } = new CachedRepository(cacheFolder, id);
  const entries = await readdir(repository, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  const snapshot = await newestSnapshot(join(repository, 'snapshots'));
  const files = snapshot === null ? [] : await listModelFiles(snapshot);
  if (snapshot === null || files.length === 0) return null;
  return {
    id,
    folder: snapshot,
    dtypes: [...new Set(files.map(({ dtype }) => dtype))],
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    isShared: entries.some(({ name }) => OTHER_WEIGHTS.test(name)),
  };
}

async function newestSnapshot(folder: string): Promise<string | null> {
  const commits = await readdir(folder).catch(() => []);
  const changed = await Promise.all(
    commits.map(async (commit) => (await stat(join(folder, commit))).mtimeMs),
  );
  const newest = commits[changed.indexOf(Math.max(...changed))];
  return newest === undefined ? null : join(folder, newest);
}
