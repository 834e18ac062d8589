import * as v from 'valibot';
import { ViewColumn, window, type Disposable, type WebviewPanel } from 'vscode';
import { neuronPage } from '../../protocol/pages/neuron';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import type { PanelServices } from './commonAnswers';
import { NeuronPanel } from './neuronPanel';
import { panelOptions, panelType } from './pagePanel';
import { DEFAULT_SORT_KEY } from '../../core/stats/statistics';

/** The open neuron pages. A neuron opens in the page that was used last; the page itself keeps what it shows. */
export class NeuronPanels implements Disposable {
  /** The one used last stands at the end. */
  private readonly open: NeuronPanel[] = [];

  constructor(private readonly services: PanelServices) {}

  /** Shows a neuron: in the page that shows it already, else in the one used last, else in a new one. */
  show(neuron: PinnedNeuron): void {
    const same = this.open.find((panel) => panel.shows(neuron));
    const used = same ?? this.open.at(-1);
    if (used) {
      used.show(neuron);
      used.panel.reveal();
      return;
    }
    const options = panelOptions(this.services.context);
    const column = window.activeTextEditor ? ViewColumn.Beside : ViewColumn.Active;
    this.add(window.createWebviewPanel(panelType(neuronPage), neuron.id, column, options), neuron);
  }

  /** Takes up a profile and opens the neuron that stands first: the one whose strongest tokens carry most. */
  async showFirst(profile: string): Promise<void> {
    const { current } = this.services;
    const { name } = await current.use(profile);
    const reader = await current.reader(profile);
    const [first] = await reader.neurons({ sort: DEFAULT_SORT_KEY, offset: 0, limit: 1 });
    if (first) this.show({ profile, profileName: name, id: first.id });
  }

  /** Where pages stand, so that others can open beside the text as they do; undefined while there is none. */
  get column(): ViewColumn | undefined {
    return this.open.at(-1)?.panel.viewColumn;
  }

  /** The neuron of a profile whose page was used last. */
  lastOf(profile: string): string | null {
    return this.open.findLast((page) => page.profile === profile)?.id ?? null;
  }

  /** Lets pages come back when the window is loaded anew. */
  restore(): Disposable {
    const state = v.object({ profile: v.string(), id: v.string() });
    return window.registerWebviewPanelSerializer(panelType(neuronPage), {
      deserializeWebviewPanel: async (panel, kept: unknown) => {
        const parsed = v.safeParse(state, kept);
        if (!parsed.success) {
          panel.dispose();
          return;
        }
        const { profile, id } = parsed.output;
        const entry = await this.services.library.find(profile);
        this.add(panel, { profile, profileName: entry?.name ?? profile, id });
      },
    });
  }

  dispose(): void {
    for (const { panel } of this.open.splice(0)) panel.dispose();
  }

  private add(panel: WebviewPanel, neuron: PinnedNeuron): void {
    const page = new NeuronPanel(this.services, panel, neuron);
    const remove = () => {
      const index = this.open.indexOf(page);
      if (index >= 0) this.open.splice(index, 1);
    };
    this.open.push(page);
    panel.onDidChangeViewState(() => {
      if (!panel.active) return;
      remove();
      this.open.push(page);
    });
    panel.onDidDispose(() => {
      remove();
      page.dispose();
    });
  }
}
