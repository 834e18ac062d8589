import { EventEmitter, ThemeIcon, TreeItem, TreeItemCollapsibleState, type TreeDataProvider } from 'vscode';
import { formatSite } from '../../core/common/neuronAddress';
import { formatCount, formatShare, formatValue } from '../../core/common/numberFormat';
import type { Services } from '../lens';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import type { NeuronRow, SortKey } from '../../core/profile/openProfile';
import { defaultQuantity } from '../../core/profile/profiledTable';
import { METRICS } from '../profiles/neuronList';
import { showError } from '../showError';
import type { NeuronNode } from './nodes';

/** Neurons that a layer shows at once. */
const STEP = 100;

export class NeuronsTree implements TreeDataProvider<NeuronNode> {
  private readonly changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** How many neurons of a layer are shown, by site; `STEP` where it has no entry. */
  private readonly shown = new Map<string, number>();

  constructor(
    private readonly lens: Services<'log' | 'engine' | 'current' | 'pins'>,
    private readonly metric: () => SortKey,
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
        return this.neuronItem(node.neuron, node.target);
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
    const rows = await reader.neurons({ sort: this.metric(), site, offset: 0, limit });
    const shown = rows.map((neuron): NeuronNode => {
      const target = { profile: entry.folder, profileName: entry.name, id: neuron.id };
      return { kind: 'neuron', neuron, target };
    });
    return neurons > limit ? [...shown, { kind: 'more', site, left: neurons - limit }] : shown;
  }

  private neuronItem(neuron: NeuronRow, target: PinnedNeuron): TreeItem {
    const item = new TreeItem(neuron.id.split('.').pop() ?? neuron.id);
    item.id = neuron.id;
    const density = neuron.density === null ? '' : ` · density ${formatShare(neuron.density)}`;
    item.description = neuron.dead ? 'dead' : `${formatMetric(neuron, this.metric())}${density}`;
    item.tooltip = [
      neuron.id,
      ...Object.keys(METRICS).map(
        (metric) => `${METRICS[metric as SortKey]}: ${formatMetric(neuron, metric as SortKey)}`,
      ),
    ].join('\n');
    item.accessibilityInformation = { label: `${neuron.id}, ${item.description}` };
    if (this.lens.pins.has(target.profile, target.id)) item.iconPath = new ThemeIcon('pinned');
    item.contextValue = 'neuron';
    item.command = { command: 'neuronLens.openNeuron', title: 'Open Neuron', arguments: [target] };
    return item;
  }
}

function layerItem({ site, neurons, dead }: Extract<NeuronNode, { kind: 'layer' }>): TreeItem {
  const item = new TreeItem(site.replace(/L(\d+)/, 'Layer $1'), TreeItemCollapsibleState.Collapsed);
  item.id = site;
  const count = `${formatCount(neurons)} neurons`;
  item.description = dead === 0 ? count : `${count} · ${formatCount(dead)} dead`;
  return item;
}

function moreItem(site: string, left: number): TreeItem {
  const item = new TreeItem(`Show ${formatCount(Math.min(left, 10 * STEP))} more`);
  item.id = `${site} more`;
  item.description = `of ${formatCount(left)}`;
  item.command = { command: 'neuronLens.showMoreNeurons', title: 'Show More', arguments: [site] };
  return item;
}

function formatMetric(neuron: NeuronRow, metric: SortKey): string {
  const value = neuron[metric];
  if (value === null) return '–';
  return metric === 'topShare' || metric === 'density' ? formatShare(value) : formatValue(value);
}
