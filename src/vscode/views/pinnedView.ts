import { EventEmitter, ThemeIcon, TreeItem, window, type Disposable, type TreeDataProvider } from 'vscode';
import type { Services } from '../lens';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import type { CurrentProfile } from '../profiles/currentProfile';

export function activatePinnedView(lens: Services<'current' | 'pins'>): Disposable[] {
  const changed = new EventEmitter<undefined>();
  const provider: TreeDataProvider<PinnedNeuron> = {
    onDidChangeTreeData: changed.event,
    getChildren: (parent) => (parent ? [] : [...lens.pins.all]),
    getTreeItem: (pin) => pinItem(pin, lens.current),
  };
  const refresh = () => changed.fire(undefined);
  return [
    window.createTreeView('neuronLens.pinned', { treeDataProvider: provider }),
    lens.pins.onDidChange(refresh),
    lens.current.onDidChange(refresh),
  ];
}

function pinItem(pin: PinnedNeuron, current: CurrentProfile): TreeItem {
  const item = new TreeItem(pin.id);
  const inHovers = current.neuron === pin.id && current.entry?.folder === pin.profile;
  item.description = inHovers ? `${pin.profileName} · shown in hovers` : pin.profileName;
  item.iconPath = new ThemeIcon('pinned');
  item.contextValue = 'pinned';
  item.command = { command: 'neuronLens.openNeuron', title: 'Open Neuron', arguments: [pin] };
  return item;
}
