import { ConfigurationTarget, window, workspace, type Disposable } from 'vscode';
import { formatNeuron, formatSite, parseNeuron } from '../../core/common/neuronAddress';
import { formatCount } from '../../core/common/numberFormat';
import type { Lens } from '../lens';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import type { Profile } from '../../core/profile/openProfile';
import type { NeuronNode } from '../views/neuronsTree';
import { registerFor } from './register';

/** Everything about single neurons: going to one, pinning it, and which one hovers tell of. */
export function activateNeuronCommands(lens: Lens): Disposable[] {
  const register = registerFor(lens);
  return [
    register('openNeuron', (neuron: PinnedNeuron) => lens.pages.show(lens, neuron)),
    register('goToNeuron', async () => {
      const neuron = await askForNeuron(lens, 'Go to neuron');
      if (neuron) lens.pages.show(lens, neuron);
    }),
    register('chooseNeuron', async (node?: NeuronNode | PinnedNeuron) => {
      const neuron = node ? targetOf(node) : await askForNeuron(lens, 'Show in hovers');
      if (!neuron) return;
      if (lens.current.entry?.folder !== neuron.profile) await lens.current.use(neuron.profile);
      await lens.current.chooseNeuron(neuron.id);
      await setHovers(true);
    }),
    register('pinNeuron', (node: NeuronNode | PinnedNeuron) => setPin(lens, node, true)),
    register('unpinNeuron', (node: NeuronNode | PinnedNeuron) => setPin(lens, node, false)),
    register('turnHoversOff', () => setHovers(false)),
    register('turnHoversOn', () => setHovers(true)),
  ];
}

/** Takes up a profile and opens the neuron that stands first: the one whose strongest tokens carry most. */
export async function openFirstNeuron(lens: Lens, folder: string): Promise<void> {
  const { name } = await lens.current.use(folder);
  const reader = await lens.current.reader(folder);
  const [first] = await reader.neurons({ sort: 'topShare', offset: 0, limit: 1 });
  if (first) lens.pages.show(lens, { profile: folder, profileName: name, id: first.id });
}

/** Asks for an address until it is one of the current profile. */
export async function askForNeuron(lens: Lens, title: string): Promise<PinnedNeuron | null> {
  const { entry } = lens.current;
  if (!entry) return null;
  const reader = await lens.current.reader(entry.folder);
  const text = await window.showInputBox({
    title,
    prompt: `A neuron of ${entry.name}, such as L3.N652, 3.652 or 3/652`,
    validateInput: (typed) => (typed.trim() === '' ? null : refusal(typed, reader)),
  });
  const address = parseNeuron(text ?? '');
  return address && { profile: entry.folder, profileName: entry.name, id: formatNeuron(address) };
}

/** @returns why a text is no neuron of the profile, or null when it is one */
function refusal(text: string, { tables }: Profile): string | null {
  const address = parseNeuron(text);
  if (!address) return 'Type a layer and a neuron, such as L3.N652, 3.652 or 3/652.';
  const sites = tables.map((table) => table.site);
  const site = sites.find((candidate) => formatSite(candidate) === formatSite(address));
  if (!site) return `This profile has the layers ${sites.map(formatSite).join(', ')}.`;
  return address.neuron < site.dFf
    ? null
    : `Layer ${site.layer} has neurons 0 to ${formatCount(site.dFf - 1)}.`;
}

async function setPin(lens: Lens, node: NeuronNode | PinnedNeuron, pinned: boolean): Promise<void> {
  const neuron = targetOf(node);
  if (neuron) await lens.pins.set(neuron, pinned);
}

function targetOf(node: NeuronNode | PinnedNeuron): PinnedNeuron | null {
  if (!('kind' in node)) return node;
  return node.kind === 'neuron' ? node.target : null;
}

async function setHovers(on: boolean): Promise<void> {
  await workspace.getConfiguration('neuronLens').update('editor.hover', on, ConfigurationTarget.Global);
}
