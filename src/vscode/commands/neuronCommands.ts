import { ConfigurationTarget, workspace, type Disposable } from 'vscode';
import { LensError } from '../../core/common/errors';
import { formatNeuron, formatSite, parseNeuron } from '../../core/common/neuronAddress';
import { formatCount } from '../../core/common/numberFormat';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import { likelyMeaning, nameFigures, shortMeaning } from '../../core/concepts/neuronMeaning';
import { strengthOf } from '../../core/concepts/statistics/auroc';
import type { Profile } from '../../core/profile/openProfile';
import type { Services } from '../lens';
import type { PinnedNeuron, PinnedNeurons } from '../pins/pinnedNeurons';
import { registerFor } from '../showError';
import type { NeuronNode } from '../views/nodes';
import { pickWithButtons, type PickLine } from '../surfaces/picks';

type NeuronServices = Services<'log' | 'engine' | 'current' | 'pins' | 'pages' | 'concepts' | 'tokens'>;

/** Everything about single neurons: going to one, pinning it, and which one hovers tell of. */
export function activateNeuronCommands(lens: NeuronServices): Disposable[] {
  const register = registerFor(lens);
  return [
    register('openNeuron', (neuron: PinnedNeuron) => lens.pages.show(neuron)),
    register('goToNeuron', async () => {
      const neuron = await askForNeuron(lens, 'Go to neuron');
      if (neuron) lens.pages.show(neuron);
    }),
    register('neuronsToward', async () => {
      const { entry } = lens.current;
      if (!entry) throw new LensError('usage', 'There is no profile yet. Profile some text first.');
      const { pickNeuronToward } = await import('../profiles/profileWeights');
      const id = await pickNeuronToward(lens, entry);
      if (id !== null) lens.pages.show({ profile: entry.folder, profileName: entry.name, id });
    }),
    register('chooseNeuron', async (node?: NeuronNode | PinnedNeuron) => {
      const neuron = node ? targetOf(node) : await askForNeuron(lens, 'Show in hovers');
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

/** A neuron to pick, or why what was typed is none. */
interface NeuronLine extends PickLine {
  readonly id: string | null;
}

/**
 * Lets the reader pick a neuron of the current profile by what it goes with, or type any address.
 * @param shown the neuron whose page was looked at last, which is offered first; null for none
 * @returns null when the reader leaves off, or without a profile
 */
export async function askForNeuron(
  { current, concepts }: Services<'current' | 'concepts'>,
  title: string,
  shown: string | null = null,
): Promise<PinnedNeuron | null> {
  const { entry } = current;
  if (!entry) return null;
  const [reader, results] = await Promise.all([current.reader(entry.folder), concepts.of(entry.folder)]);
  const picked = await pickWithButtons(
    `${title}: an address such as L3.N652, 3.652 or 3/652${results ? ', or what it goes with' : ''}`,
    [
      ...(shown === null ? [] : [lineOf(shown, results)]),
      ...namedLines(results).filter(({ id }) => id !== shown),
    ],
    (text) => typedLine(text, reader, results),
  );
  if (!picked) return null;
  const { id, label } = picked.line;
  if (id === null) throw new LensError('not-found', label);
  return { profile: entry.folder, profileName: entry.name, id };
}

/** The neurons that carry a name, those that go with their concept best first. */
function namedLines(results: ConceptResults | null): NeuronLine[] {
  return Object.entries(results?.names ?? {})
    .sort(([, one], [, other]) => strengthOf(other.auroc) - strengthOf(one.auroc))
    .map(([id, name]) => ({
      ...{ id, label: id, icon: 'tag' },
      description: `${shortMeaning(name)} · ${nameFigures(name)}`,
    }));
}

/** The neuron that a text is the address of, or why there is none; null where it is no address. */
function typedLine(text: string, { tables }: Profile, results: ConceptResults | null): NeuronLine | null {
  const address = parseNeuron(text);
  if (!address) return null;
  const sites = tables.map((table) => table.site);
  const site = sites.find((candidate) => formatSite(candidate) === formatSite(address));
  if (!site) return refusal(`This profile has the layers ${sites.map(formatSite).join(', ')}.`);
  if (address.neuron >= site.dFf) {
    return refusal(`Layer ${site.layer} has neurons 0 to ${formatCount(site.dFf - 1)}.`);
  }
  return lineOf(formatNeuron(address), results);
}

function lineOf(id: string, results: ConceptResults | null): NeuronLine {
  const meaning = likelyMeaning(results, id);
  return { id, label: id, ...(meaning !== null && { description: meaning }) };
}

function refusal(label: string): NeuronLine {
  return { id: null, label, icon: 'warning' };
}

async function setPin(pins: PinnedNeurons, node: NeuronNode | PinnedNeuron, pinned: boolean): Promise<void> {
  const neuron = targetOf(node);
  if (neuron) await pins.set(neuron, pinned);
}

/** The neuron of a line of the tree, or that another page names; null of a line that is none. */
export function targetOf(node: NeuronNode | PinnedNeuron): PinnedNeuron | null {
  if (!('kind' in node)) return node;
  return node.kind === 'neuron' ? node.target : null;
}

async function setHovers(on: boolean): Promise<void> {
  await workspace.getConfiguration('neuronLens').update('editor.hover', on, ConfigurationTarget.Global);
}
