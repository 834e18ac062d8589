import { ConfigurationTarget, workspace, type Disposable } from 'vscode';
import { formatNeuron, formatSite, parseNeuron } from '../../core/common/neuronAddress';
import { formatCount } from '../../core/common/numberFormat';
import type { Profile } from '../../core/profile/openProfile';
import type { Services } from '../lens';
import type { PinnedNeuron, PinnedNeurons } from '../pins/pinnedNeurons';
import type { CurrentProfile } from '../profiles/currentProfile';
import { registerFor } from '../showError';
import type { NeuronNode } from '../views/nodes';
import { askForText } from '../surfaces/picks';

/** Everything about single neurons: going to one, pinning it, and which one hovers tell of. */
export function activateNeuronCommands(
  lens: Services<'log' | 'engine' | 'current' | 'pins' | 'pages'>,
): Disposable[] {
  const register = registerFor(lens);
  return [
    register('openNeuron', (neuron: PinnedNeuron) => lens.pages.show(neuron)),
    register('goToNeuron', async () => {
      const neuron = await askForNeuron(lens.current, 'Go to neuron');
      if (neuron) lens.pages.show(neuron);
    }),
    register('chooseNeuron', async (node?: NeuronNode | PinnedNeuron) => {
      const neuron = node ? targetOf(node) : await askForNeuron(lens.current, 'Show in hovers');
      if (!neuron) return;
      if (lens.current.entry?.folder !== neuron.profile) await lens.current.use(neuron.profile);
      await lens.current.chooseNeuron(neuron.id);
      await setHovers(true);
    }),
    register('pinNeuron', (node: NeuronNode | PinnedNeuron) => setPin(lens.pins, node, true)),
    register('unpinNeuron', (node: NeuronNode | PinnedNeuron) => setPin(lens.pins, node, false)),
    register('turnHoversOff', () => setHovers(false)),
    register('turnHoversOn', () => setHovers(true)),
  ];
}

/** Asks for an address until it is one of the current profile. */
async function askForNeuron(current: CurrentProfile, title: string): Promise<PinnedNeuron | null> {
  const { entry } = current;
  if (!entry) return null;
  const reader = await current.reader(entry.folder);
  const text = await askForText({
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

async function setPin(pins: PinnedNeurons, node: NeuronNode | PinnedNeuron, pinned: boolean): Promise<void> {
  const neuron = targetOf(node);
  if (neuron) await pins.set(neuron, pinned);
}

function targetOf(node: NeuronNode | PinnedNeuron): PinnedNeuron | null {
  if (!('kind' in node)) return node;
  return node.kind === 'neuron' ? node.target : null;
}

async function setHovers(on: boolean): Promise<void> {
  await workspace.getConfiguration('neuronLens').update('editor.hover', on, ConfigurationTarget.Global);
}
