import {
  EventEmitter,
  ThemeIcon,
  window,
  type Disposable,
  type TreeDataProvider,
  type TreeItem,
} from 'vscode';
import { nameAndTokens } from '../../core/concepts/neuronMeaning';
import type { Services } from '../lens';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import type { CurrentProfile } from '../profiles/currentProfile';
import { treeItem } from '../surfaces/treeItems';

export function activatePinnedView(
  lens: Services<'library' | 'current' | 'pins' | 'concepts' | 'tokens'>,
): Disposable[] {
  const changed = new EventEmitter<undefined>();
  const provider: TreeDataProvider<PinnedNeuron> = {
    onDidChangeTreeData: changed.event,
    getChildren: (parent) => (parent ? [] : [...lens.pins.all]),
    getTreeItem: async (pin) => {
      const [results, tokens] = await Promise.all([
        lens.concepts.of(pin.profile),
        lens.tokens.of(pin.profile, [pin.id]),
      ]);
      return pinItem(pin, lens.current, nameAndTokens(results, pin.id, tokens.get(pin.id) ?? []));
    },
  };
  const refresh = () => changed.fire(undefined);
  return [
    window.createTreeView('neuronLens.pinned', { treeDataProvider: provider }),
    lens.pins.onDidChange(refresh),
    lens.current.onDidChange(refresh),
    lens.library.onDidChange(refresh),
  ];
}

function pinItem(pin: PinnedNeuron, current: CurrentProfile, words: readonly string[]): TreeItem {
  const inHovers = current.neuron === pin.id && current.entry?.folder === pin.profile;
  return treeItem({
    label: pin.id,
    description: [...words, pin.profileName, ...(inHovers ? ['shown in hovers'] : [])].join(' · '),
    icon: new ThemeIcon('pinned'),
    contextValue: 'pinned',
    command: { command: 'neuronLens.openNeuron', title: 'Open Neuron', arguments: [pin] },
  });
}
