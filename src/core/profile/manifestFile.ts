import * as v from 'valibot';
import { LensError } from '../common/errors';
import type { FileStore } from './fileStore';
import { damagedProfile } from './damagedProfile';
import { MANIFEST_FILE } from './profileFiles';
import { manifestSchema, PROFILE_VERSION, type Manifest } from './manifest';

/**
 * @throws LensError `not-found` where there is no manifest, `newer-profile` where a later version of the format
 *   wrote it, `invalid-profile` where it is damaged.
 */
export async function readManifest(store: FileStore): Promise<Manifest> {
  const manifest = await findManifest(store);
  if (manifest) return manifest;
  throw new LensError(
    'not-found',
    `There is no profile here: the folder has no ${MANIFEST_FILE}. Choose a folder that "neuron-lens profile" wrote.`,
  );
}

/** As `readManifest`, but null where there is none. */
export async function findManifest(store: FileStore): Promise<Manifest | null> {
  if ((await store.size(MANIFEST_FILE)) === null) return null;
  return parseManifest(new TextDecoder().decode(await store.readAll(MANIFEST_FILE)));
}

export async function writeManifest(store: FileStore, manifest: Manifest): Promise<void> {
  await store.write(MANIFEST_FILE, [new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`)]);
}

export function parseManifest(text: string): Manifest {
  const found = parseJson(text);
  const version = v.safeParse(v.object({ version: v.number() }), found);
  if (version.success && version.output.version > PROFILE_VERSION) {
    throw new LensError(
      'newer-profile',
      `This profile has version ${version.output.version} of the format, and this Neuron Lens reads up to version ${PROFILE_VERSION}: update Neuron Lens to open it.`,
    );
  }
  const parsed = v.safeParse(manifestSchema, found);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw damagedProfile(MANIFEST_FILE, `${v.getDotPath(issue) ?? 'its content'} is not as it should be`);
  }
  return parsed.output;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damagedProfile(MANIFEST_FILE, 'it is no JSON', error);
  }
}
