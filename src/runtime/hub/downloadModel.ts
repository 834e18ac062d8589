import { mkdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '../../core/common/numberFormat';
import { LensError } from '../../core/common/errors';
import { lockFolder } from '../files/folderLock';
import { requireHubId } from '../models/hubId';
import { CachedRepository } from './cacheLayout';
import { chooseDtype } from './chooseFiles';
import { downloadFile } from './downloadFile';
import { describeHubModel } from './hubModels';
import type { HubFile } from './hubModels';
import type { HubSettings } from './hubSettings';
import { progressMeter } from './progressMeter';
import type { DownloadProgress } from './progressMeter';

export interface DownloadOptions {
  /** The preferred one that the model has if not given. */
  readonly dtype?: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export interface DownloadedModel {
  readonly id: string;
  readonly commit: string;
  readonly dtype: string;
  /** Folder in the Hub's layout, ready to be opened. */
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Downloads what one dtype of a model needs into the Hugging Face cache. What is there already is not fetched again,
 * what was cut off is gone on with, and the model can be opened only once all of it has arrived.
 * @param model `org/name` or `org/name@revision`
 * @throws LensError with the next step; what `signal` says when it is aborted.
 */
export async function downloadModel(
  settings: HubSettings,
  model: string,
  { dtype: wanted, signal, onProgress = () => undefined }: DownloadOptions,
): Promise<DownloadedModel> {
  const { id, revision } = requireHubId(model);
  const described = await describeHubModel(settings, id, revision, signal);
  const { dtype, files, bytes } = chooseDtype(described, wanted);
  const { commit } = described;
  const repository = new CachedRepository(settings.cacheFolder, id);
  const missing = await missingFiles(repository, commit, files);
  await requireSpace(settings.cacheFolder, repository, missing);

  const lock = await lockFolder(
    join(settings.cacheFolder, '.locks', `${id.split('/').join('--')}.neuron-lens`),
  );
  try {
    const meter = progressMeter(bytes, onProgress);
    for (const file of files) {
      if (missing.includes(file)) {
        const target = repository.blob(file.checksum);
        const onBytes = (arrived: number): void => meter.during(file.path, arrived);
        if ((await sizeOf(target)) !== file.bytes) {
          await downloadFile({ settings, id, commit, file, target, onBytes, signal });
        }
        await repository.link(file.checksum, commit, file.path);
      }
      meter.after(file.path, file.bytes);
    }
    await repository.pointTo(described, revision);
  } finally {
    await lock.release();
  }
  return { id, commit, dtype, folder: repository.snapshot(commit), bytes };
}

async function missingFiles(
  repository: CachedRepository,
  commit: string,
  files: readonly HubFile[],
): Promise<HubFile[]> {
  const present = await Promise.all(files.map(({ path }) => repository.has(commit, path)));
  return files.filter((_, index) => !present[index]);
}

/** @throws LensError `disk-full` before anything is fetched that would not fit. */
async function requireSpace(
  folder: string,
  repository: CachedRepository,
  files: readonly HubFile[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const arrived = await Promise.all(
    files.map(({ checksum }) => sizeOf(`${repository.blob(checksum)}.incomplete`)),
  );
  const needed = files.reduce((sum, { bytes }, index) => sum + Math.max(bytes - (arrived[index] ?? 0), 0), 0);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (needed <= free) return;
  throw new LensError(
    'disk-full',
    `The model needs ${formatBytes(needed)} and ${folder} has ${formatBytes(free)} left: free some space, set HF_HOME to another disk, or take a smaller dtype.`,
  );
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}
