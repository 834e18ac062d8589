import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EventEmitter, type ExtensionContext } from 'vscode';
import { toLensError } from '../../core/common/errors';
import { deleteProfile } from '../../runtime/profiles/deleteProfile';
import { findProfile } from '../../runtime/profiles/settleFolder';
import { settings } from '../settings';
import { readRecipe, removeRecipe, writeRecipe } from './recipeFile';
import type { DamagedEntry, ProfileEntry, ProfileRecipe } from './profileEntry';

const ADDED_FOLDERS = 'addedProfileFolders';

/** The profiles that this workspace knows: those in its storage, and folders that the user opened from elsewhere. */
export class ProfileLibrary {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly context: ExtensionContext) {}

  /** Where new profiles go: the setting, else the workspace's storage, else the editor's. */
  get home(): string {
    const storage = this.context.storageUri ?? this.context.globalStorageUri;
    return settings.profilesFolder() || join(storage.fsPath, 'profiles');
  }

  /** Readable profiles, newest first, then the damaged ones. */
  async list(): Promise<(ProfileEntry | DamagedEntry)[]> {
    const own = await readdir(this.home, { withFileTypes: true }).catch(() => []);
    const folders = own.filter((found) => found.isDirectory()).map((found) => join(this.home, found.name));
    const known = new Set([...folders, ...this.added]);
    const all = await Promise.all([...known].map((folder) => this.find(folder)));
    const found = all.filter((entry) => entry !== null);
    const readable = found.filter((entry) => 'manifest' in entry);
    readable.sort((a, b) => b.manifest.created.localeCompare(a.manifest.created));
    return [...readable, ...found.filter((entry) => !('manifest' in entry))];
  }

  /** @returns null where there is no profile (yet) */
  async find(folder: string): Promise<ProfileEntry | DamagedEntry | null> {
    const recipe = await readRecipe(folder);
    const name = recipe?.name ?? basename(folder);
    try {
      const manifest = await findProfile(folder);
      return manifest && { folder, name, manifest, recipe };
    } catch (thrown) {
      return { folder, name, reason: toLensError(thrown).message };
    }
  }

  /** Makes the folder of a new profile and keeps its recipe beside it. @returns its path */
  async create(recipe: ProfileRecipe, now: Date): Promise<string> {
    const time = now.toISOString().replace(/[-:]/g, '').slice(0, 15);
    const readable = recipe.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 40);
    const folder = join(this.home, `${readable}-${time}`);
    await mkdir(folder, { recursive: true });
    await writeRecipe(folder, recipe);
    return folder;
  }

  /** Lists a folder from elsewhere from now on. */
  async add(folder: string): Promise<void> {
    await this.context.workspaceState.update(ADDED_FOLDERS, [...new Set([...this.added, folder])]);
    this.refresh();
  }

  /**
   * Deletes a profile of the storage from disk; one from elsewhere is only no longer listed.
   * @returns whether other files were left in its folder
   * @throws LensError as `deleteProfile`
   */
  async remove(folder: string): Promise<boolean> {
    let left = false;
    if (this.isAdded(folder)) {
      const others = this.added.filter((other) => other !== folder);
      await this.context.workspaceState.update(ADDED_FOLDERS, others);
    } else {
      left = !(await deleteProfile(folder, (await readRecipe(folder)) !== null));
      await removeRecipe(folder);
    }
    this.refresh();
    return left;
  }

  isAdded(folder: string): boolean {
    return this.added.includes(folder);
  }

  refresh(): void {
    this.changed.fire();
  }

  private get added(): readonly string[] {
    return this.context.workspaceState.get<readonly string[]>(ADDED_FOLDERS, []);
  }
}
