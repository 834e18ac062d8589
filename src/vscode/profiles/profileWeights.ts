import { formatSignedRatio } from '../../core/common/numberFormat';
import { modelName } from '../../core/common/modelName';
import { fewWords } from '../../core/concepts/neuronMeaning';
import { hasWeights } from '../../core/profile/profileFiles';
import type { Services } from '../lens';
import { whileStoppable } from '../surfaces/messages';
import { askForText, pick } from '../surfaces/picks';
import { requireTrust } from '../trustedWorkspace';
import { modelOf, type ProfileEntry } from './profileEntry';

/** Neurons that are listed for a token. */
const LISTED = 50;

/**
 * Has the figures of the weights kept with a profile, once: lists can be sorted by them from then on.
 * @throws LensError in an untrusted workspace, `cancelled`, and as the engine's `weights` does
 */
export async function haveWeights(
  { engine, current }: Services<'engine' | 'current'>,
  entry: ProfileEntry,
): Promise<void> {
  const reader = await current.reader(entry.folder);
  if (hasWeights(reader.manifest)) return;
  requireTrust('sort');
  await whileStoppable(`Reading the weights of ${modelName(entry.manifest.model.id)}`, (signal) =>
    engine.calls.weights({ ...modelOf(entry), profile: entry.folder }, { signal }),
  );
  await reader.refresh();
}

/**
 * Asks for a token, and lists the neurons of a profile that write toward it.
 * @returns the neuron that was picked, or null
 * @throws LensError as `haveWeights` does, and `usage` for what is no token of the vocabulary
 */
export async function pickNeuronToward(
  { engine, concepts, tokens: known }: Services<'engine' | 'concepts' | 'tokens'>,
  entry: ProfileEntry,
): Promise<string | null> {
  const { folder } = entry;
  requireTrust('ask');
  const token = await askForText({
    title: 'Neurons that write toward a token',
    prompt:
      'A token of the model’s vocabulary, with the space before it if it has one, or its number as #262',
  });
  if (!token) return null;
  const found = await whileStoppable('Looking for the neurons that write toward it', (signal) =>
    engine.calls.toward({ ...modelOf(entry), profile: folder, token, limit: LISTED }, { signal }),
  );
  const [results, tokens] = await Promise.all([
    concepts.of(folder),
    known.of(
      folder,
      found.neurons.map(({ id }) => id),
    ),
  ]);
  const lines = found.neurons.map(({ id, effect }) => {
    const meaning = fewWords(results, id, tokens.get(id) ?? []);
    return {
      label: id,
      description: `${formatSignedRatio(effect)}${meaning === null ? '' : ` · ${meaning}`}`,
    };
  });
  const title = `Neurons that write toward “${found.token}” (#${found.id}): logits at an activation of 1`;
  return (await pick(lines, { title }))?.label ?? null;
}
