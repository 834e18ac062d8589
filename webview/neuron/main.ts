import { render } from 'lit';
import { is } from 'valibot';
import { type NeuronMessage, panelStateSchema } from '../../src/protocol/webview';
import { connectHost } from '../common/host';
import { errorState, loadingState } from '../common/states';
import { FIRST_VIEW, NeuronPageElement, type View } from './neuronPage';
import { shortcutOf } from './shortcuts';

/** Until then a page that is on its way would only flicker. */
const LOADING_AFTER_MS = 150;

const root = document.getElementById('root') ?? document.body;
const announcements = document.getElementById('announcements');
let page: NeuronPageElement | undefined;
let loading: number | undefined;

const host = connectHost((message) => {
  switch (message.type) {
    case 'neuron':
      show(message);
      break;
    case 'pinned':
      if (page?.message.page.neuron.id === message.neuron) {
        page.message = { ...page.message, pinned: message.pinned };
      }
      break;
    case 'loading':
      window.clearTimeout(loading);
      loading = window.setTimeout(() => replace(() => loadingState(message.subject)), LOADING_AFTER_MS);
      break;
    case 'error':
      window.clearTimeout(loading);
      replace(() => errorState(message.message));
      break;
    case 'notice':
      if (announcements) announcements.textContent = message.text;
      break;
    case 'selection':
      break;
  }
});

function show(message: NeuronMessage): void {
  window.clearTimeout(loading);
  document.documentElement.lang = message.preferences.language;
  document.title = message.page.neuron.id;
  const another = page?.message.page.neuron.id !== message.page.neuron.id;
  const view = page ? { ...page.view, ...(another ? { bin: null } : {}) } : restoredView(message);
  if (!page?.isConnected) {
    render(null, root);
    page = new NeuronPageElement();
    page.addEventListener('view-changed', (event) => remember((event as CustomEvent<View>).detail));
    root.append(page);
  }
  page.message = message;
  page.view = another && view.tab === 'range' && view.bin === null ? { ...view, tab: 'top' } : view;
  remember(page.view);
  if (another) window.scrollTo(0, 0);
}

function replace(content: () => unknown): void {
  page?.remove();
  render(content(), root);
}

/** The view that the same neuron had before the window was reloaded. */
function restoredView(message: NeuronMessage): View {
  const saved = host.savedState();
  if (!is(panelStateSchema, saved)) return FIRST_VIEW;
  const { profile, id, ...view } = saved;
  const same = profile === message.profile.id && id === message.page.neuron.id;
  return same ? view : { ...view, tab: view.tab === 'range' ? 'top' : view.tab, bin: null };
}

function remember(view: View): void {
  if (!page) return;
  host.saveState({ profile: page.message.profile.id, id: page.message.page.neuron.id, ...view });
}

document.addEventListener('keydown', (event) => {
  if (!page?.isConnected || event.defaultPrevented) return;
  const shortcut = shortcutOf(event, page.message.preferences.singleKeyShortcuts);
  if (shortcut === null) return;
  event.preventDefault();
  if (shortcut === 'export') document.querySelector('export-menu')?.show();
  else if (shortcut === 'pin') {
    host.post({ type: 'pin', neuron: page.message.page.neuron.id, pinned: !page.message.pinned });
  } else if ('tab' in shortcut) page.showTab(shortcut.tab);
  else host.post(shortcut.wish);
});
