import { LensError } from '../common/errors';
import { removeOwn } from './clearProfile';
import { requireCurrentFormat } from './compatibility';
import { CheckedStore, RecordedStore, type CreateHash } from './files/fileRecords';
import type { FileStore } from './fileStore';
import type { Manifest } from './manifest';
import { readManifest, writeManifest } from './manifestFile';
import { annexFolder, annexOf } from './profileFiles';

/**
 * What is known of a profile besides what a run makes: concepts, explanations, tokens, each in a folder of its own. An
 * annex is about the profile as it stands. Files of the manifest, it is checked, copied and removed as all others; when
 * the profile's segments change, it goes.
 */
export interface Annex {
  readonly name: string;
  /** Names within the annex, sorted. */
  readonly files: readonly string[];
  /** Where they lie, checked against the manifest as they are read: `annex.pathOf(file)` is the name there. */
  readonly store: FileStore;
  pathOf(file: string): string;
}

/** The content of an annex's files by name, such as `scores.arrow`. */
export type AnnexFiles = Iterable<readonly [file: string, content: Iterable<Uint8Array>]>;

/**
 * What becomes of the annexes of one name when profiles merge: the content of the merged profile's, or null where there
 * is none. Each is null where a source has none. An annex without a rule is left out.
 */
export type AnnexRule = (sources: readonly (Annex | null)[]) => Promise<AnnexFiles | null>;
export type AnnexRules = Readonly<Record<string, AnnexRule>>;

/** The names of a profile's annexes, sorted. */
export function listAnnexes({ files }: Pick<Manifest, 'files'>): string[] {
  const names = Object.keys(files ?? {}).flatMap((file) => annexOf(file)?.name ?? []);
  return [...new Set(names)].sort();
}

/**
 * What is said where annexes could not be kept, as the profile's tokens are others than those that they are about.
 * @param before the profiles that the profile was made from. @returns null where all are there.
 */
export function lostAnnexesSentence(
  before: readonly Pick<Manifest, 'files'>[],
  after: Pick<Manifest, 'files'>,
): string | null {
  const kept = new Set(listAnnexes(after));
  const lost = [...new Set(before.flatMap(listAnnexes))].filter((name) => !kept.has(name));
  return lost.length === 0
    ? null
    : `What was found out before (${lost.join(', ')}) is about fewer tokens than the profile has now, and is not in it: find it out anew.`;
}

/** @returns null where the profile has no such annex. */
export function openAnnex(store: FileStore, { files }: Pick<Manifest, 'files'>, name: string): Annex | null {
  const own = Object.keys(files ?? {}).filter((file) => annexOf(file)?.name === name);
  const [first] = own;
  if (first === undefined) return null;
  const { folder } = annexOf(first)!;
  return {
    name,
    files: own.map((file) => annexOf(file)!.file).sort(),
    store: new CheckedStore(store, files!),
    pathOf: (file) => `${folder}/${file}`,
  };
}

/**
 * Adds an annex to a profile, or puts it in the place of the one of the same name: a reader finds the old or the new one
 * at every moment. Nobody else may be writing the profile.
 * @param name lower-case letters and hyphens, such as `concepts`.
 * @returns the manifest that names it.
 * @throws LensError `profiles-differ` for a profile of an earlier format, `usage` for one that a run is writing.
 */
export async function writeAnnex(
  store: FileStore,
  createHash: CreateHash,
  name: string,
  content: AnnexFiles,
): Promise<Manifest> {
  const manifest = await readManifest(store);
  requireCurrentFormat(manifest, `${name} cannot be added to the profile`);
  if (manifest.state === 'running') {
    throw new LensError(
      'usage',
      `${name} cannot be added to the profile while a run is writing it. Wait for its end.`,
    );
  }
  const others = Object.entries(manifest.files ?? {}).filter(([file]) => annexOf(file)?.name !== name);
  const before = openAnnex(store, manifest, name);
  const folder = annexFolder(
    name,
    before === null ? 0 : 1 + annexOf(before.pathOf(before.files[0]!))!.number,
  );
  await removeOwn(store, folder);
  const recorded = new RecordedStore(store, createHash, Object.fromEntries(others));
  for (const [file, chunks] of content) await recorded.write(`${folder}/${file}`, chunks);
  const named = { ...manifest, files: recorded.records(() => true) };
  if (openAnnex(store, named, name) === null) throw new RangeError(`${name} has no file of an annex's name`);
  await writeManifest(store, named);
  if (before) await removeOwn(store, before.pathOf('').slice(0, -1));
  return named;
}

/** Gives a merged profile what the rules make of its sources' annexes. @returns the manifest that names them. */
export async function mergeAnnexes(
  store: FileStore,
  createHash: CreateHash,
  merged: Manifest,
  sources: readonly { readonly store: FileStore; readonly manifest: Manifest }[],
  rules: AnnexRules,
): Promise<Manifest> {
  let manifest = merged;
  for (const [name, rule] of Object.entries(rules)) {
    const annexes = sources.map((source) => openAnnex(source.store, source.manifest, name));
    const content = annexes.some((annex) => annex !== null) ? await rule(annexes) : null;
    if (content) manifest = await writeAnnex(store, createHash, name, content);
  }
  return manifest;
}
