import {
  EventEmitter,
  ThemeIcon,
  window,
  type Disposable,
  type TreeDataProvider,
  type TreeItem,
} from 'vscode';
import type { Services } from '../lens';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import type { CurrentProfile } from '../profiles/currentProfile';
import { treeItem } from '../surfaces/treeItems';

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
  const inHovers = current.neuron === pin.id && current.entry?.folder === pin.profile;
  return treeItem({
    label: pin.id,
    description: inHovers ? `${pin.profileName} · shown in hovers` : pin.profileName,
    icon: new ThemeIcon('pinned'),
    contextValue: 'pinned',
    command: { command: 'neuronLens.openNeuron', title: 'Open Neuron', arguments: [pin] },
  });
}
