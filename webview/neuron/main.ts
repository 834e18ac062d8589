import { is } from 'valibot';
import { type NeuronMessage, panelStateSchema } from '../../src/protocol/webview';
import { connectHost } from '../common/host';
import { PanelRoot } from '../common/panelRoot';
import { FIRST_VIEW, NeuronPageElement, type View } from './neuronPage';
import { shortcutOf } from './shortcuts';

const root = new PanelRoot<NeuronPageElement>();

const host = connectHost((message) => {
  switch (message.type) {
    case 'neuron':
      show(message);
      break;
    case 'pinned':
      if (root.page?.message.page.neuron.id === message.neuron) {
        root.page.message = { ...root.page.message, pinned: message.pinned };
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
    case 'selection':
      break;
  }
});

function show(message: NeuronMessage): void {
  const shown = root.page;
  const another = shown !== undefined && shown.message.page.neuron.id !== message.page.neuron.id;
  const page = root.show(() => newPage(message));
  page.message = message;
  document.title = message.page.neuron.id;
  if (another) {
    page.view = withoutBar(page.view);
    window.scrollTo(0, 0);
  }
  remember(page.view);
}

function newPage(message: NeuronMessage): NeuronPageElement {
  const page = new NeuronPageElement();
  page.view = restoredView(message);
  page.addEventListener('view-changed', (event) => remember((event as CustomEvent<View>).detail));
  return page;
}

/** What the reader had set up before the window was reloaded; a bar belongs to one neuron only. */
function restoredView(message: NeuronMessage): View {
  const saved = host.savedState();
  if (!is(panelStateSchema, saved)) return FIRST_VIEW;
  const { profile, id, ...view } = saved;
  const same = profile === message.profile.id && id === message.page.neuron.id;
  return same ? view : withoutBar(view);
}

function withoutBar(view: View): View {
  return { ...view, bin: null, tab: view.tab === 'range' ? 'top' : view.tab };
}

function remember(view: View): void {
  if (!root.page) return;
  const { profile, page } = root.page.message;
  host.saveState({ profile: profile.id, id: page.neuron.id, ...view });
}

document.addEventListener('keydown', (event) => {
  const { page } = root;
  if (!page || event.defaultPrevented) return;
  const shortcut = shortcutOf(event, page.message.preferences.singleKeyShortcuts);
  if (shortcut === null) return;
  event.preventDefault();
  if (shortcut === 'export') document.querySelector('export-menu')?.show();
  else if (shortcut === 'pin') {
    host.post({ type: 'pin', neuron: page.message.page.neuron.id, pinned: !page.message.pinned });
  } else if ('tab' in shortcut) page.showTab(shortcut.tab);
  else host.post(shortcut.wish);
});
