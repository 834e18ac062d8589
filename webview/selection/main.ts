import type { SelectionMessage } from '../../src/protocol/webview';
import { PanelRoot } from '../common/panelRoot';
import { connectHost } from '../common/host';
import { SelectionPage } from './selectionPage';

/** The editor keeps states in one small database: a larger answer is asked for again instead. */
const MOST_CHARACTERS_KEPT = 1_000_000;

const root = new PanelRoot<SelectionPage>();

const host = connectHost((message) => {
  switch (message.type) {
    case 'selection':
      root.show(() => new SelectionPage()).message = message;
      remember(message);
      break;
    case 'pinned':
      if (root.page) {
        const others = root.page.message.pinnedNeurons.filter((id) => id !== message.neuron);
        const pinnedNeurons = message.pinned ? [...others, message.neuron] : others;
        root.page.message = { ...root.page.message, pinnedNeurons };
      }
      break;
    case 'loading':
      root.loading(message.subject);
      break;
    case 'error':
      root.error(message.message);
      break;
    case 'notice':
      root.announce(message.text);
      break;
    case 'neuron':
      break;
  }
});

function remember({ profile, answer }: SelectionMessage): void {
  const state = { profile: profile.id, answer };
  host.saveState(JSON.stringify(state).length > MOST_CHARACTERS_KEPT ? null : state);
}
