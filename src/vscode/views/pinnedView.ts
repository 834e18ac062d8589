import {
  EventEmitter,
  ThemeIcon,
  window,
  type Disposable,
  type TreeDataProvider,
  type TreeItem,
} from 'vscode';
import { likelyMeaning } from '../../core/concepts/neuronMeaning';
import type { Services } from '../lens';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import type { CurrentProfile } from '../profiles/currentProfile';
import { treeItem } from '../surfaces/treeItems';

export function activatePinnedView(
  lens: Services<'library' | 'current' | 'pins' | 'concepts'>,
): Disposable[] {
  const changed = new EventEmitter<undefined>();
  const provider: TreeDataProvider<PinnedNeuron> = {
    onDidChangeTreeData: changed.event,
    getChildren: (parent) => (parent ? [] : [...lens.pins.all]),
    getTreeItem: async (pin) =>
      pinItem(pin, lens.current, likelyMeaning(await lens.concepts.of(pin.profile), pin.id)),
  };
  const refresh = () => changed.fire(undefined);
  return [
    window.createTreeView('neuronLens.pinned', { treeDataProvider: provider }),
    lens.pins.onDidChange(refresh),
    lens.current.onDidChange(refresh),
    lens.library.onDidChange(refresh),
  ];
}

function pinItem(pin: PinnedNeuron, current: CurrentProfile, meaning: string | null): TreeItem {
  const inHovers = current.neuron === pin.id && current.entry?.folder === pin.profile;
  return treeItem({
    label: pin.id,
    description: [
      ...(meaning === null ? [] : [meaning]),
      pin.profileName,
      ...(inHovers ? ['shown in hovers'] : []),
    ].join(' · '),
    icon: new ThemeIcon('pinned'),
    contextValue: 'pinned',
    command: { command: 'neuronLens.openNeuron', title: 'Open Neuron', arguments: [pin] },
  });
}
