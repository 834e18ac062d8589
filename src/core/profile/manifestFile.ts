import * as v from 'valibot';
import { LensError } from '../common/errors';
import { xxh32 } from '../common/xxh32';
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
  await store.write(MANIFEST_FILE, [new TextEncoder().encode(manifestText(manifest))]);
}

/** The manifest's JSON, with a check of all the rest at its end. */
export function manifestText(manifest: object): string {
  const plain = JSON.parse(JSON.stringify(manifest)) as object;
  return `${JSON.stringify({ ...plain, check: checkOf(plain) }, null, 1)}\n`;
}

function checkOf(content: unknown): number {
  return xxh32(new TextEncoder().encode(JSON.stringify(content)));
}

/** @throws LensError `invalid-profile` where the check is not that of the rest. Format 1 had none. */
function requireChecked(found: unknown): void {
  const { check, ...rest } = { ...(found as { readonly check?: unknown } | null) };
  if (check !== checkOf(rest)) throw damagedProfile(MANIFEST_FILE, 'it is not what was written');
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
  if (!version.success || version.output.version !== 1) requireChecked(found);
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
