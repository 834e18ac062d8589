import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LensError } from '../../core/common/errors';
import { clearProfile } from '../../core/profile/clearProfile';
import type { Manifest } from '../../core/profile/manifest';
import { findManifest, manifestText, parseManifest } from '../../core/profile/manifestFile';
import { MANIFEST_FILE } from '../../core/profile/profileFiles';
import { isOwnFile, ROOT_FILES, ROOT_FOLDERS } from '../../core/profile/ownNames';
import { writeError } from '../files/fileErrors';
import { lockFolder, type FolderLock } from '../files/folderLock';
import { FolderStore } from '../files/folderStore';
import { contentOf, type FolderContent } from './folderContent';
import { DRAFT_FOLDER, finishReplacement, removeDraft, replaceByDraft } from './replacement';
import { removeIfEmpty, sweepProfile } from './sweepProfile';

/**
 * What is to come of a folder: a new profile, the going on with the one that is there, its replacement, or a profile
 * that appears only when it is whole.
 */
export type OutputPurpose = 'new' | 'resume' | 'replace' | 'whole';

/** A folder that this process alone writes a profile to. */
export interface OutputFolder {
  /** What is written; it holds the profile to go on with, if there is one. */
  readonly store: FolderStore;
  /** Puts what was written in the place of what stood there. @throws LensError where it is not there any more */
  publish(manifest: Manifest): Promise<void>;
  /** Lets go of the folder, and removes it where nothing came into it. @returns a sentence on what is left, or null */
  close(): Promise<string | null>;
}

/**
 * Makes sure that a folder may become what it is to become, without touching anything.
 * @throws LensError `usage` for a profile that is not to be touched, and for a folder that holds anything else
 */
export async function requireOutput(folder: string, purpose: OutputPurpose): Promise<void> {
  if (folder === '')
    throw new LensError('usage', 'The name of the folder for the profile is empty: give it one.');
  requireFitting(folder, purpose, await contentOf(folder));
}

/**
 * Opens a folder for a profile to be written, after `requireOutput`: locks it, finishes what a kill cut off, and removes
 * what killed writers left. What is to replace a profile is written beside it, within the same folder.
 * @throws LensError as `requireOutput`; `profile-locked` while another process writes there; `write-failed`
 */
export async function openOutput(folder: string, purpose: OutputPurpose): Promise<OutputFolder> {
  await requireOutput(folder, purpose);
  const made = await mkdir(folder, { recursive: true }).catch((thrown: unknown) => {
    throw writeError(folder, thrown);
  });
  const lock = await lockFolder(folder);
  try {
    await finishReplacement(folder);
    const content = await contentOf(folder);
    requireFitting(folder, purpose, content);
    await sweepProfile(folder);
    await requireOwnPieces(folder, purpose);
    if (content.kind === 'leavings') await clearProfile(new FolderStore(folder));
    return new OpenOutput(folder, lock, made, purpose, await draftFor(folder, purpose, content));
  } catch (thrown) {
    await lock.release();
    await removeMade(folder, made);
    throw thrown;
  }
}

class OpenOutput implements OutputFolder {
  readonly store: FolderStore;
  private published = false;

  /**
   * @param made the outermost folder that had to be made
   * @param draft name of the folder within that is written to, or null for the folder itself
   */
  constructor(
    private readonly folder: string,
    private readonly lock: FolderLock,
    private readonly made: string | undefined,
    private readonly purpose: OutputPurpose,
    private readonly draft: string | null,
  ) {
    this.store = new FolderStore(draft === null ? folder : join(folder, draft));
  }

  async publish(manifest: Manifest): Promise<void> {
    await this.store.requireSameFolder();
    for (const [name, { bytes }] of Object.entries(manifest.files ?? {})) {
      if ((await this.store.size(name)) !== bytes) throw this.changedByOthers(name);
    }
    await this.store.close();
    if (this.draft !== null) await replaceByDraft(this.folder);
    this.published = true;
    const found = await findManifest(new FolderStore(this.folder));
    if (JSON.stringify(found) !== JSON.stringify(parseManifest(manifestText(manifest)))) {
      throw this.changedByOthers(MANIFEST_FILE);
    }
  }

  private changedByOthers(name: string): LensError {
    return new LensError(
      'write-failed',
      `${join(this.folder, name)} was written and is not there any more as it was: something else changes that folder. Choose another one, and profile again.`,
    );
  }

  async close(): Promise<string | null> {
    try {
      await this.store.close();
      return this.draft === null || this.published ? null : await this.keptDraft();
    } finally {
      await this.lock.release();
      await removeMade(this.folder, this.made);
    }
  }

  /** A draft with tokens in it is kept, so that no work is lost. */
  private async keptDraft(): Promise<string | null> {
    const manifest = await findManifest(this.store).catch(() => null);
    if (this.purpose !== 'whole' && manifest !== null && manifest.corpus.tokens > 0) {
      return `The profile in ${this.folder} stands as it was. What is to replace it is not whole yet: go on with it (--resume), or begin anew (--overwrite).`;
    }
    await removeDraft(this.folder);
    return null;
  }
}

function requireFitting(folder: string, purpose: OutputPurpose, content: FolderContent): void {
  if (content.kind === 'foreign') {
    throw new LensError(
      'usage',
      `${folder} is not empty and holds no profile (but ${content.name}), so nothing in it was touched. Choose a new folder, such as ${join(folder, 'profile')}.`,
    );
  }
  if (content.kind !== 'profile' || purpose === 'resume' || purpose === 'replace') return;
  throw new LensError(
    'usage',
    purpose === 'new'
      ? `There is a profile in ${folder} already. Go on with it (--resume), replace it (--overwrite), or choose another folder.`
      : `There is a profile in ${folder} already. Choose another folder.`,
  );
}

/** @returns the folder within a profile's that is written to, or null for the profile's own */
async function draftFor(
  folder: string,
  purpose: OutputPurpose,
  { kind }: FolderContent,
): Promise<string | null> {
  if (purpose === 'resume' && kind === 'profile') {
    const draft = await findManifest(new FolderStore(join(folder, DRAFT_FOLDER)));
    if (draft !== null) return DRAFT_FOLDER;
  }
  await removeDraft(folder);
  const isDrafted = purpose === 'whole' || (purpose === 'replace' && kind === 'profile');
  return isDrafted ? DRAFT_FOLDER : null;
}

/**
 * Makes sure before a run that its profile's files are files, and the folders folders.
 * @throws LensError `unreadable-file`; `usage` where something of another's would have to make room
 */
async function requireOwnPieces(folder: string, purpose: OutputPurpose): Promise<void> {
  const store = new FolderStore(folder);
  for (const name of ROOT_FILES) await store.size(name);
  for (const name of ROOT_FOLDERS) {
    const foreign = (await store.list(name)).find((file) => !isOwnFile(file));
    if (foreign === undefined || purpose !== 'replace') continue;
    throw new LensError(
      'usage',
      `${join(folder, foreign)} is no part of the profile there, which is therefore not replaced. Move that file elsewhere, or choose another folder.`,
    );
  }
}

/** Removes folders that were made for a profile and came to hold nothing. */
async function removeMade(folder: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  for (let path = resolve(folder); await removeIfEmpty(path); path = dirname(path)) {
    if (path === resolve(made)) return;
  }
}
