import { EventEmitter, ThemeIcon, type TreeDataProvider, type TreeItem } from 'vscode';
import { formatSite } from '../../core/common/neuronAddress';
import { formatCount } from '../../core/common/numberFormat';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import { nameAndTokens, nameOf, nameText } from '../../core/concepts/neuronMeaning';
import type { Services } from '../lens';
import type { Profile } from '../../core/profile/openProfile';
import { defaultQuantity } from '../../core/profile/profiledTable';
import { formatMetric, SORT_KEYS } from '../../core/stats/statistics';
import { WEIGHT_KEYS } from '../../core/stats/weightFigures';
import { firstNeurons, listedFigure, listLabel, type SidebarKey } from '../profiles/neuronList';
import { showError } from '../showError';
import type { NeuronNode } from './nodes';
import { treeItem } from '../surfaces/treeItems';

/** Neurons that a layer shows at once. */
const STEP = 100;

export class NeuronsTree implements TreeDataProvider<NeuronNode> {
  private readonly changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** How many neurons of a layer are shown, by site; `STEP` where it has no entry. */
  private readonly shown = new Map<string, number>();

  constructor(
    private readonly lens: Services<'log' | 'engine' | 'current' | 'pins' | 'concepts' | 'tokens'>,
    private readonly keyOf: (profile: Profile, results: ConceptResults | null) => SidebarKey,
  ) {}

  refresh(): void {
    this.changed.fire(undefined);
  }

  showMore(site: string): void {
    this.shown.set(site, (this.shown.get(site) ?? STEP) + 10 * STEP);
    this.refresh();
  }

  async getChildren(parent?: NeuronNode): Promise<NeuronNode[]> {
    try {
      if (parent === undefined) return await this.layers();
      return parent.kind === 'layer' ? await this.neuronsOf(parent.site, parent.neurons) : [];
    } catch (thrown) {
      void showError(this.lens, thrown);
      return [];
    }
  }

  getTreeItem(node: NeuronNode): TreeItem {
    switch (node.kind) {
      case 'layer':
        return layerItem(node);
      case 'neuron':
        return this.neuronItem(node);
      case 'more':
        return moreItem(node.site, node.left);
    }
  }

  private async layers(): Promise<NeuronNode[]> {
    const { entry } = this.lens.current;
    if (!entry) return [];
    const reader = await this.lens.current.reader(entry.folder);
    const { tables } = await reader.overview();
    const quantity = defaultQuantity(tables);
    return tables
      .filter((table) => table.quantity === quantity)
      .map(({ site, neurons, dead }) => ({ kind: 'layer', site: formatSite(site), neurons, dead }));
  }

  /** The first of a layer's neurons, and the way to the others: only what is shown is read. */
  private async neuronsOf(site: string, neurons: number): Promise<NeuronNode[]> {
    const { entry } = this.lens.current;
    if (!entry) return [];
    const reader = await this.lens.current.reader(entry.folder);
    const limit = this.shown.get(site) ?? STEP;
    const results = await this.lens.concepts.of(entry.folder);
    const sort = this.keyOf(reader, results);
    const rows = await firstNeurons(reader, results, { sort, site, limit });
    const shown = rows.map((neuron): NeuronNode => {
      const target = { profile: entry.folder, profileName: entry.name, id: neuron.id };
      const name = results && nameOf(results, neuron.id);
      const tokens = this.lens.tokens.known(entry.folder, neuron.id);
      const [figure, words] = [listedFigure(sort, neuron), nameAndTokens(results, neuron.id, tokens)];
      return { kind: 'neuron', neuron, target, figure, name, words };
    });
    // Each neuron is read for them: the rows stand until then.
    void this.lens.tokens
      .learn(
        entry.folder,
        rows.map(({ id }) => id),
      )
      .then((isNew) => (isNew ? this.refresh() : undefined));
    return neurons > limit ? [...shown, { kind: 'more', site, left: neurons - limit }] : shown;
  }

  private neuronItem(node: Extract<NeuronNode, { kind: 'neuron' }>): TreeItem {
    const { neuron, target, figure, name, words } = node;
    const density = neuron.density === null ? '' : ` · density ${formatMetric('density', neuron)}`;
    const figures = neuron.dead ? 'dead' : `${figure}${density}`;
    const description = [...words, figures].join(' · ');
    return treeItem({
      label: neuron.id.split('.').pop() ?? neuron.id,
      id: neuron.id,
      description,
      tooltip: [
        neuron.id,
        ...(name ? [`Goes with ${nameText(name)}`] : []),
        ...[...SORT_KEYS, ...(neuron.weights ? WEIGHT_KEYS : [])].map(
          (key) => `${listLabel(key)}: ${listedFigure(key, neuron)}`,
        ),
      ],
      spoken: `${neuron.id}, ${description}`,
      ...(this.lens.pins.has(target.profile, target.id) && { icon: new ThemeIcon('pinned') }),
      contextValue: 'neuron',
      command: { command: 'neuronLens.openNeuron', title: 'Open Neuron', arguments: [target] },
    });
  }
}

function layerItem({ site, neurons, dead }: Extract<NeuronNode, { kind: 'layer' }>): TreeItem {
  const count = `${formatCount(neurons)} neurons`;
  return treeItem({
    label: site.replace(/L(\d+)/, 'Layer $1'),
    id: site,
    description: dead === 0 ? count : `${count} · ${formatCount(dead)} dead`,
    children: 'hidden',
  });
}

function moreItem(site: string, left: number): TreeItem {
  return treeItem({
    label: `Show ${formatCount(Math.min(left, 10 * STEP))} more`,
    id: `${site} more`,
    description: `of ${formatCount(left)}`,
    command: { command: 'neuronLens.showMoreNeurons', title: 'Show More', arguments: [site] },
  });
}
