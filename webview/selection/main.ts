import { PanelRoot } from '../common/panelRoot';
import { connectHost } from '../common/host';
import { SelectionPage } from './selectionPage';

const root = new PanelRoot<SelectionPage>();

const host = connectHost((message) => {
  switch (message.type) {
    case 'selection':
      root.show(() => new SelectionPage(), message.preferences.language).message = message;
      host.saveState({ profile: message.profile.id, source: message.answer.source });
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
