import type { NeuronRequests } from '../../src/protocol/pages/neuron';
import type { ParamsOf } from '../../src/protocol/rpc';
import { singleKey } from '../common/singleKey';
import type { ExampleTab } from './examples/exampleLists';

/** What a key asks of the neuron page (docs/design.md, Keyboard). */
export type Shortcut =
  ParamsOf<NeuronRequests['step']> | { readonly tab: ExampleTab } | 'export' | 'pin' | 'goTo';

const TABS: readonly ExampleTab[] = ['top', 'bottom', 'bands', 'random', 'range'];

/**
 * The shortcut behind a key, null for none.
 * @param singleKeys whether letters and digits alone may act; never in a field
 */
export function shortcutOf(event: KeyboardEvent, singleKeys: boolean): Shortcut | null {
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    if (event.key === 'ArrowLeft') return { to: 'previous' };
    if (event.key === 'ArrowRight') return { to: 'next' };
    return null;
  }
  const key = singleKeys ? singleKey(event) : null;
  const tab = TABS[Number(key ?? NaN) - 1];
  if (tab) return { tab };
  switch (key ?? '') {
    case 'r':
      return { to: 'random' };
    case 'g':
      return 'goTo';
    case 'p':
      return 'pin';
    case 'e':
      return 'export';
    default:
      return null;
  }
}
