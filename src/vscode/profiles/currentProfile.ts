import { commands, EventEmitter, type ExtensionContext } from 'vscode';
import { LensError } from '../../core/common/errors';
import type { OpenedProfile } from '../../runtime/profiles/openProfileFolder';
import { rootsOnThisMachine } from '../places/corpusRoots';
import type { ProfileEntry } from './profileEntry';
import type { ProfileLibrary } from './profileLibrary';

const FOLDER = 'currentProfile';
const NEURON = 'chosenNeuron';

/** The profile that the trees, hovers and selections refer to, and the neuron that hovers tell of. */
export class CurrentProfile {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private current: ProfileEntry | null = null;
  private readonly opened = new Map<string, Promise<OpenedProfile>>();

  constructor(
    private readonly context: ExtensionContext,
    private readonly library: ProfileLibrary,
  ) {}

  get entry(): ProfileEntry | null {
    return this.current;
  }

  /** Id of the neuron that hovers tell of, such as `L3.N652`. */
  get neuron(): string | null {
    return this.context.workspaceState.get<string | null>(NEURON, null);
  }

  async chooseNeuron(id: string | null): Promise<void> {
    await this.context.workspaceState.update(NEURON, id);
    this.changed.fire();
  }

  /** Takes up the profile of the last session, else the newest. */
  async restore(): Promise<void> {
    const folder = this.context.workspaceState.get<string | null>(FOLDER, null);
    const remembered = folder === null ? null : await this.library.find(folder);
    const entry = remembered ?? (await this.library.list())[0] ?? null;
    this.set(entry && 'manifest' in entry ? entry : null);
  }

  /** @throws LensError where the folder holds no profile that can be read */
  async use(folder: string): Promise<ProfileEntry> {
    const entry = await this.library.find(folder);
    if (entry === null)
      throw new LensError('not-found', `There is no profile in ${folder}. Choose another folder.`);
    if (!('manifest' in entry)) throw new LensError('invalid-profile', entry.reason);
    await this.context.workspaceState.update(FOLDER, folder);
    this.set(entry);
    return entry;
  }

  /** A profile opened for reading: once, and kept open. One that is still being written is brought up to date. */
  async reader(folder: string): Promise<OpenedProfile> {
    let opened = this.opened.get(folder);
    if (!opened) {
      const roots = (profiled: string) => rootsOnThisMachine(this.context.workspaceState, profiled);
      opened = import('./profileTables').then(({ openProfileFolder }) => openProfileFolder(folder, roots));
      opened.catch(() => this.opened.delete(folder));
      this.opened.set(folder, opened);
    }
    const profile = await opened;
    if (profile.manifest.state !== 'complete') await profile.refresh();
    return profile;
  }

  /** Closes what is open of a profile that is to be deleted. */
  async forget(folder: string): Promise<void> {
    const opened = this.opened.get(folder);
    this.opened.delete(folder);
    await (await opened?.catch(() => null))?.close();
  }

  private set(entry: ProfileEntry | null): void {
    this.current = entry;
    void commands.executeCommand('setContext', 'neuronLens.hasProfile', entry !== null);
    this.changed.fire();
  }
}
