import { neuronPage, type NeuronRequests, type NeuronState } from '../../src/protocol/pages/neuron';
import { startPage, type Host } from '../common/startPage';
import { examplesFromHost } from './examples/exampleSource';
import { NeuronPageElement, restoredSettings, settingsOf } from './neuronPage';
import { shortcutOf } from './shortcuts';

const running = startPage(neuronPage, NeuronPageElement, {
  load: (panel, signal, page) => {
    const { tab } = page?.settings ?? settingsOf(panel.savedState());
    return panel.calls.neuron({ list: tab === 'range' ? null : tab }, { signal });
  },
  onMade: (page, panel, shown) => {
    page.settings = restoredSettings(panel.savedState(), shown);
    page.host = panel.calls;
    page.sourceOf = (neuron) => examplesFromHost(panel.calls, neuron);
    page.addEventListener('settings-changed', () => remember(page, panel));
  },
  onShown: remember,
});

function remember(page: NeuronPageElement, panel: Host<NeuronRequests, NeuronState>): void {
  const { profile, facts } = page.shown;
  panel.saveState({ profile: profile.id, id: facts.neuron.id, ...page.settings });
}

document.addEventListener('keydown', (event) => {
  const { host, root } = running;
  const { page } = root;
  if (!page || event.defaultPrevented) return;
  const shortcut = shortcutOf(event, running.reader().singleKeyShortcuts);
  if (shortcut === null) return;
  event.preventDefault();
  if (shortcut === 'export') document.querySelector('export-menu')?.show();
  else if (shortcut === 'pin') page.togglePin();
  else if (shortcut === 'goTo') void host.calls.goToNeuron({});
  else if ('tab' in shortcut) page.showTab(shortcut.tab);
  else void host.calls.step(shortcut);
});
