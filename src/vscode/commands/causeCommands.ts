import type { Disposable } from 'vscode';
import { LensError } from '../../core/common/errors';
import { parseNeuron } from '../../core/common/neuronAddress';
import type { Services } from '../lens';
import { currentChoice } from '../models/modelChoice';
import type { PinnedNeuron } from '../pins/pinnedNeurons';
import { registerFor } from '../showError';
import { askForText } from '../surfaces/picks';
import type { NeuronNode } from '../views/nodes';
import { askForNeuron, targetOf } from './neuronCommands';
import { editorWithSelection } from '../editorWithSelection';

type CauseServices = Services<
  'context' | 'log' | 'engine' | 'library' | 'current' | 'pins' | 'pages' | 'concepts' | 'steerPages'
>;

/** A neuron to be changed, and the text to do it on. */
export interface AblationTarget extends PinnedNeuron {
  readonly text?: string | null;
}

/** What the model's output makes of changed neurons. */
export function activateCauseCommands(lens: CauseServices): Disposable[] {
  const register = registerFor(lens);
  return [
    register('ablate', async (target?: AblationTarget | NeuronNode) => {
      const text = target && 'text' in target ? (target.text ?? null) : null;
      await ablate(lens, target ? targetOf(target) : null, text);
    }),
    register('ablateSelection', async () => {
      const { document, selection } = editorWithSelection();
      const { entry, neuron } = lens.current;
      const id = entry && (neuron ?? lens.pages.lastOf(entry.folder));
      const known = entry && id !== null ? { profile: entry.folder, profileName: entry.name, id } : null;
      await ablate(lens, known, document.getText(selection));
    }),
    lens.steerPages.restore(),
  ];
}

/** The text up to the neuron's highest value: the next token is where a change of it shows first. */
async function strongestText(
  current: CauseServices['current'],
  { profile, id }: PinnedNeuron,
): Promise<string | null> {
  const address = parseNeuron(id);
  const neuron = address && (await (await current.reader(profile)).neuron(address));
  const [example] = (await neuron?.examples('top')) ?? [];
  return example ? example.context.text.slice(0, example.end - example.context.start) : null;
}

/** Opens the page for a neuron, asking for one where none is meant; with the model of the settings where no profile is. */
async function ablate(
  lens: CauseServices,
  neuron: PinnedNeuron | null,
  prompt: string | null,
): Promise<void> {
  const { current, library, steerPages } = lens;
  const shown = current.entry && lens.pages.lastOf(current.entry.folder);
  const meant = neuron ?? (await askForNeuron(lens, 'Ablate and steer', shown));
  if (meant) {
    const entry = await library.find(meant.profile);
    if (!entry || !('manifest' in entry))
      throw new LensError('not-found', `There is no profile in ${meant.profile} any more.`);
    const text = prompt ?? (await strongestText(current, meant));
    steerPages.show({ entry, model: currentChoice(), prompt: text, neurons: [meant.id] }, lens.pages.column);
  } else if (!current.entry) {
    const model = currentChoice();
    const id = await askForText({
      title: 'Ablate and steer',
      prompt: `A neuron of ${model.model}, such as L3.N652. Without a profile there are no means and no quantiles.`,
      validateInput: (text) => (parseNeuron(text) ? null : 'An address such as L3.N652, 3.652 or 3/652.'),
    });
    if (id !== undefined) steerPages.show({ entry: null, model, prompt, neurons: [id] });
  }
}
