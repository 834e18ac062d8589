import { commands, type Disposable, type WebviewPanel } from 'vscode';
import { LensError } from '../../core/common/errors';
import { forEditor } from '../../core/common/foreignText';
import { formatNeuron, parseNeuron } from '../../core/common/neuronAddress';
import { meaningOf } from '../../core/concepts/neuronMeaning';
import type { ExampleListName } from '../../core/profile/neuronPage';
import type { OpenNeuron } from '../../core/profile/openProfile';
import { neuronPage, type NeuronRequests, type ShownNeuron } from '../../protocol/pages/neuron';
import type { Handlers } from '../../protocol/rpc';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import { firstNeurons, listKey, neuronAfter, type NeuronStep } from '../profiles/neuronList';
import type { PanelServices } from './commonAnswers';
import type { NeuronEffects } from './neuronEffects';
import { PagePanel } from './pagePanel';

/** One neuron page. It reads the profile itself, so it works while the engine is busy or absent. */
export class NeuronPanel {
  private readonly page: PagePanel<NeuronRequests>;
  private readonly listener: Disposable;
  /** Read as soon as it is to be shown, while the page is still being loaded or asks for it. */
  private opened: Promise<OpenNeuron>;

  constructor(
    private readonly services: PanelServices,
    private readonly effects: NeuronEffects,
    readonly panel: WebviewPanel,
    private neuron: PinnedNeuron,
  ) {
    panel.title = forEditor(neuron.id);
    this.opened = this.open();
    this.page = new PagePanel(services, panel, neuronPage, () => this.neuron, this.answers());
    this.listener = services.library.onDidChange(() => this.show(this.neuron));
  }

  get profile(): string {
    return this.neuron.profile;
  }

  get id(): string {
    return this.neuron.id;
  }

  shows(neuron: PinnedNeuron): boolean {
    return this.neuron.profile === neuron.profile && this.neuron.id === neuron.id;
  }

  show(neuron: PinnedNeuron): void {
    this.neuron = neuron;
    this.opened = this.open();
    this.page.show(neuron.id);
  }

  dispose(): void {
    this.listener.dispose();
  }

  private answers(): Handlers<NeuronRequests> {
    return {
      neuron: ({ list }) => this.shown(list),
      examples: async ({ neuron, list }) => ({ [list]: await (await this.still(neuron)).examples(list) }),
      between: async ({ neuron, low, high }) => {
        const { examples, stored } = await (await this.still(neuron)).examplesBetween(low, high);
        return { examples: [...examples], stored };
      },
      effect: async ({ neuron, calibrate }, { signal }) => {
        const { quantity } = (await this.still(neuron)).facts;
        return this.effects.of(this.neuron, { quantity, calibrate }, signal);
      },
      whole: async ({ neuron }) => {
        const reader = await this.services.current.reader(this.neuron.profile);
        const results = await this.services.concepts.of(this.neuron.profile);
        return { ...(await reader.page(addressOf(neuron))), ...meaningOf(results, neuron) };
      },
      step: async ({ to }) => {
        await this.step(to);
        return null;
      },
      goToNeuron: async () => {
        await commands.executeCommand('neuronLens.goToNeuron');
        return null;
      },
      restartEngine: async () => {
        await commands.executeCommand('neuronLens.restartEngine');
        return null;
      },
      resumeProfile: async () => {
        const entry = await this.services.library.find(this.neuron.profile);
        if (entry && 'manifest' in entry)
          await commands.executeCommand('neuronLens.resumeProfile', { kind: 'profile', entry });
        return null;
      },
    };
  }

  private open(): Promise<OpenNeuron> {
    const { profile, id } = this.neuron;
    const opened = this.services.current.reader(profile).then((reader) => reader.neuron(addressOf(id)));
    // Whoever asks for it is told; nobody may.
    opened.catch(() => undefined);
    return opened;
  }

  /** The open neuron, unless the panel has gone on to another one. */
  private still(id: string): Promise<OpenNeuron> {
    if (id !== this.neuron.id) throw new LensError('cancelled', `${id} is shown no longer.`);
    return this.opened;
  }

  private async shown(list: ExampleListName | null): Promise<ShownNeuron> {
    const { library, runs, concepts } = this.services;
    const { profile, profileName } = this.neuron;
    const [opened, entry, results] = await Promise.all([
      this.opened,
      library.find(profile),
      concepts.of(profile),
    ]);
    const running = runs.current;
    const progress = running?.folder === profile ? running.progress : null;
    return {
      profile: { id: profile, name: profileName },
      facts: opened.facts,
      meaning: meaningOf(results, opened.facts.neuron.id),
      stored: [...opened.stored],
      examples: list === null ? {} : { [list]: await opened.examples(list) },
      seenShare:
        progress && progress.tokensTotal > 0 ? Math.min(1, progress.tokensDone / progress.tokensTotal) : null,
      canResume: running === null && entry !== null && 'recipe' in entry && entry.recipe !== null,
    };
  }

  /** Previous and next follow the order of the sidebar within the layer; random goes to any layer. */
  private async step(step: NeuronStep): Promise<void> {
    const { current, context, concepts } = this.services;
    const { profile } = this.neuron;
    const [reader, results] = await Promise.all([current.reader(profile), concepts.of(profile)]);
    const address = addressOf(this.neuron.id);
    const sort = listKey(context.workspaceState, reader.manifest, results);
    const layer = step === 'random' ? {} : { layer: address.layer };
    const rows = await firstNeurons(reader, results, { sort, limit: Infinity, ...layer });
    const id = neuronAfter(rows, formatNeuron(address), step, Math.random());
    if (id !== null) this.show({ ...this.neuron, id });
  }
}

/** @throws LensError where the text is no address */
function addressOf(id: string) {
  const address = parseNeuron(id);
  if (!address) throw new LensError('not-found', `"${id}" is no neuron, such as L3.N652.`);
  return address;
}
