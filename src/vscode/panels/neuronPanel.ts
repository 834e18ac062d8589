import { commands, Disposable, type WebviewPanel } from 'vscode';
import { formatNeuron, parseNeuron } from '../../core/common/neuronAddress';
import { LensError, toLensError } from '../../core/common/errors';
import { forEditor } from '../../core/common/foreignText';
import type { MessageToHost } from '../../protocol/webview';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import { listNeurons, neuronAfter, sortKey, type Step } from '../profiles/neuronList';
import { rootOnThisMachine } from '../places/corpusRoots';
import { showError } from '../showError';
import { changedFiles } from './changedFiles';
import { hostPanel, panelIcon, preferences, type PanelHost, type PanelServices } from './panelHost';
import { answerCommonRequest } from './panelRequests';

/** One neuron page. It reads the profile itself, so it works while the engine is busy or absent. */
export class NeuronPanel {
  private readonly host: PanelHost;
  private readonly listeners: Disposable;
  private ready = false;
  private becomeReady!: () => void;
  private readonly readiness = new Promise<void>((resolve) => (this.becomeReady = resolve));
  /** How often the page was asked for: only the last answer is sent. */
  private turns = 0;

  constructor(
    private readonly lens: PanelServices,
    readonly panel: WebviewPanel,
    private neuron: PinnedNeuron,
  ) {
    panel.title = forEditor(neuron.id);
    panel.iconPath = panelIcon(lens.context);
    this.host = hostPanel(lens.context, panel, 'neuron', (message) => void this.receive(message));
    this.listeners = Disposable.from(
      lens.pins.onDidChange((changed) => {
        if (changed.profile === this.neuron.profile) this.sendPin(changed.id);
      }),
      lens.library.onDidChange(() => void this.send()),
    );
    void this.send();
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
    this.panel.title = forEditor(neuron.id);
    void this.send();
  }

  dispose(): void {
    this.listeners.dispose();
  }

  private async receive(message: MessageToHost): Promise<void> {
    try {
      if (message.type === 'ready') await this.pageIsReady();
      else if (message.type === 'openNeuron') this.show({ ...this.neuron, id: message.neuron });
      else if (message.type === 'step') await this.step(message.to);
      else if (message.type === 'resumeProfile') await this.resume();
      else await answerCommonRequest(this.lens, this.neuron, message, this.host);
    } catch (thrown) {
      await showError(this.lens, thrown);
    }
  }

  /** A page that was hidden is loaded anew and asks again. */
  private async pageIsReady(): Promise<void> {
    if (this.ready) return this.send();
    this.ready = true;
    this.host.post({ type: 'loading', subject: this.neuron.id });
    this.becomeReady();
  }

  /** Sends the neuron's page, or the sentence why there is none. It is read while a new panel is still being loaded. */
  private async send(): Promise<void> {
    const { neuron, lens } = this;
    const turn = ++this.turns;
    if (this.ready) this.host.post({ type: 'loading', subject: neuron.id });
    try {
      const address = parseNeuron(neuron.id);
      if (!address) throw new LensError('not-found', `"${neuron.id}" is no neuron, such as L3.N652.`);
      const [reader, entry] = await Promise.all([
        lens.current.reader(neuron.profile),
        lens.library.find(neuron.profile),
      ]);
      const page = await reader.page(address);
      const changes = await changedFiles(
        page,
        rootOnThisMachine(lens.context.workspaceState, page.manifest.corpus.root),
      );
      await this.readiness;
      if (turn !== this.turns) return;
      const running = lens.runs.current;
      const progress = running?.folder === neuron.profile ? running.progress : null;
      this.host.post({
        type: 'neuron',
        profile: { id: neuron.profile, name: neuron.profileName },
        page,
        seenShare:
          progress && progress.tokensTotal > 0
            ? Math.min(1, progress.tokensDone / progress.tokensTotal)
            : null,
        ...changes,
        pinned: lens.pins.has(neuron.profile, neuron.id),
        canResume: running === null && entry !== null && 'order' in entry && entry.order !== null,
        preferences: preferences(),
      });
    } catch (thrown) {
      const error = toLensError(thrown);
      lens.log.error(error.message, error.cause ?? error.stack ?? '');
      await this.readiness;
      if (turn === this.turns) this.host.post({ type: 'error', message: error.message });
    }
  }

  /** Previous and next follow the order of the sidebar within the layer; random goes to any layer. */
  private async step(step: Step): Promise<void> {
    const reader = await this.lens.current.reader(this.neuron.profile);
    const address = parseNeuron(this.neuron.id);
    if (!address) return;
    const layer = step === 'random' ? undefined : address.layer;
    const rows = await listNeurons(reader, sortKey(this.lens.context.workspaceState), layer);
    const id = neuronAfter(rows, formatNeuron(address), step, Math.random());
    if (id !== null) this.show({ ...this.neuron, id });
  }

  private async resume(): Promise<void> {
    const entry = await this.lens.library.find(this.neuron.profile);
    if (entry !== null && 'order' in entry)
      await commands.executeCommand('neuronLens.resumeProfile', { kind: 'profile', entry });
  }

  private sendPin(id: string): void {
    this.host.post({ type: 'pinned', neuron: id, pinned: this.lens.pins.has(this.neuron.profile, id) });
  }
}
