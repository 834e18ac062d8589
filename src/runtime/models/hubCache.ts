import { access, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** Folder in which Python and this program keep downloaded models (huggingface_hub, HF_HUB_CACHE and HF_HOME). */
export function hubCacheFolder(): string {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env;
  if (HF_HUB_CACHE) return HF_HUB_CACHE;
  const home = HF_HOME ?? path.join(XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'huggingface');
  return path.join(home, 'hub');
}

/**
 * The snapshot of a Hub model that is already on this machine.
 * @param revision branch, tag or commit
 * @returns null where there is none
 */
export async function cachedSnapshot(id: string, revision: string): Promise<string | null> {
  const repository = path.join(hubCacheFolder(), `models--${id.replace('/', '--')}`);
  const commit = await readFile(path.join(repository, 'refs', revision), 'utf8').catch(() => revision);
  const snapshot = path.join(repository, 'snapshots', commit.trim());
  if (await exists(snapshot)) return snapshot;
  if (revision !== 'main') return null;
  const [only, ...others] = await readdir(path.join(repository, 'snapshots')).catch(() => []);
  return only !== undefined && others.length === 0 ? path.join(repository, 'snapshots', only) : null;
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
