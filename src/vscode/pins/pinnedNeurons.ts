import { EventEmitter, type Memento } from 'vscode';

const KEY = 'pinnedNeurons';

/** A neuron of one profile that the reader wants to keep at hand. */
export interface PinnedNeuron {
  /** Folder of the profile. */
  readonly profile: string;
  readonly profileName: string;
  /** Such as `L3.N652`. */
  readonly id: string;
}

/** The pinned neurons of the workspace, oldest first. */
export class PinnedNeurons {
  private readonly changed = new EventEmitter<PinnedNeuron>();
  /** Told which neuron was pinned or unpinned. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: Memento) {}

  get all(): readonly PinnedNeuron[] {
    return this.memory.get<readonly PinnedNeuron[]>(KEY, []);
  }

  has(profile: string, id: string): boolean {
    return this.all.some((pin) => pin.profile === profile && pin.id === id);
  }

  async set(neuron: PinnedNeuron, pinned: boolean): Promise<void> {
    const others = this.all.filter((pin) => pin.profile !== neuron.profile || pin.id !== neuron.id);
    await this.memory.update(KEY, pinned ? [...others, neuron] : others);
    this.changed.fire(neuron);
  }
}
