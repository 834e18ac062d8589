import * as v from 'valibot';
import { ViewColumn, window, type Disposable, type WebviewPanel } from 'vscode';
import { panelStateSchema } from '../../protocol/webview';
import type { Lens } from '../lens';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import { NeuronPanel } from './neuronPanel';
import { panelOptions } from './panelHost';

const TYPE = 'neuronLens.neuron';

/** The open neuron pages. A neuron opens in the page that was used last; the page itself keeps what it shows. */
export class NeuronPanels implements Disposable {
  /** The one used last stands at the end. */
  private readonly open: NeuronPanel[] = [];

  /** Shows a neuron: in the page that shows it already, else in the one used last, else in a new one. */
  show(lens: Lens, neuron: PinnedNeuron): void {
    const same = this.open.find((panel) => panel.shows(neuron));
    const used = same ?? this.open.at(-1);
    if (used) {
      used.show(neuron);
      used.panel.reveal();
      return;
    }
    const options = panelOptions(lens.context);
    const column = window.activeTextEditor ? ViewColumn.Beside : ViewColumn.Active;
    this.add(lens, window.createWebviewPanel(TYPE, neuron.id, column, options), neuron);
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
  restoreWith(lens: Lens): Disposable {
    const state = v.object({ profile: panelStateSchema.entries.profile, id: panelStateSchema.entries.id });
    return window.registerWebviewPanelSerializer(TYPE, {
      deserializeWebviewPanel: async (panel, kept: unknown) => {
        const parsed = v.safeParse(state, kept);
        if (!parsed.success) {
          panel.dispose();
          return;
        }
        const { profile, id } = parsed.output;
        const entry = await lens.library.find(profile);
        this.add(lens, panel, { profile, profileName: entry?.name ?? profile, id });
      },
    });
  }

  dispose(): void {
    for (const { panel } of this.open.splice(0)) panel.dispose();
  }

  private add(lens: Lens, panel: WebviewPanel, neuron: PinnedNeuron): void {
    const page = new NeuronPanel(lens, panel, neuron);
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
