import * as v from 'valibot';
import type { Disposable, ViewColumn } from 'vscode';
import { BY_NAME } from '../../core/concepts/namedFirst';
import { DEFAULT_SORT_KEY } from '../../core/stats/statistics';
import { neuronPage } from '../../protocol/pages/neuron';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import { firstNeurons } from '../profiles/neuronList';
import type { PanelServices } from './commonAnswers';
import { NeuronEffects } from './neuronEffects';
import { NeuronPanel } from './neuronPanel';
import { OpenPages } from './openPages';

/** The open neuron pages. */
export class NeuronPanels implements Disposable {
  private readonly pages;

  constructor(private readonly services: PanelServices) {
    const effects = new NeuronEffects(services);
    this.pages = new OpenPages(services.context, {
      page: neuronPage,
      titleOf: ({ id }: PinnedNeuron) => id,
      make: (panel, neuron) => new NeuronPanel(services, effects, panel, neuron),
      state: v.object({ profile: v.string(), id: v.string() }),
      subjectOf: async ({ profile, id }) => ({
        ...{ profile, id },
        profileName: (await services.library.find(profile))?.name ?? profile,
      }),
    });
  }

  show(neuron: PinnedNeuron): void {
    this.pages.show(neuron);
  }

  /**
   * Takes up a profile and opens the neuron that stands first: the first of those with a name, else the one whose
   * strongest tokens carry most.
   */
  async showFirst(profile: string): Promise<void> {
    const { current, concepts } = this.services;
    const { name } = await current.use(profile);
    const reader = await current.reader(profile);
    const results = await concepts.of(profile);
    const sort = results ? BY_NAME : DEFAULT_SORT_KEY;
    const [first] = await firstNeurons(reader, results, { sort, limit: 1 });
    if (first) this.show({ profile, profileName: name, id: first.id });
  }

  /** Where pages stand, so that others can open beside the text as they do; undefined while there is none. */
  get column(): ViewColumn | undefined {
    return this.pages.last()?.panel.viewColumn;
  }

  /** The neuron of a profile whose page was used last. */
  lastOf(profile: string): string | null {
    return this.pages.last((page) => page.profile === profile)?.id ?? null;
  }

  /** Lets pages come back when the window is loaded anew. */
  restore(): Disposable {
    return this.pages.restore();
  }

  dispose(): void {
    this.pages.dispose();
  }
}
