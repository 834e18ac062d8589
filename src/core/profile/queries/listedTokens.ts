import type { NeuronAddress } from '../../common/neuronAddress';
import type { Quantity } from '../../onnx/site';
import { histogramOf } from '../../stats/histogram';
import type { LayerContext } from '../../stats/layerContext';
import { isNegativeOnly } from '../../stats/reading';
import { figuresOf } from '../../stats/statistics';
import { strongestTokens, type StrongToken } from '../../stats/strongestTokens';
import { defaultQuantity } from '../profiledTable';
import { readNeuron } from '../segments/storedNeuron';
import type { StoredProfile } from '../storedProfile';
import { ExampleReader } from './exampleReader';
import { findTable, requireNeuron } from './findTable';
import { contextOf } from './openNeuron';
import { strongestPlaces } from './readTokens';

/** Neurons that are read at once. */
const TOGETHER = 16;

/**
 * The strongest tokens of some neurons, as their pages say them: what lists show of each.
 * @param quantity `act` unless given, or what the profile has instead
 * @returns in the order of the addresses
 * @throws LensError `not-found` for a neuron that the profile does not have
 */
export async function listedTokens(
  stored: StoredProfile,
  addresses: readonly NeuronAddress[],
  quantity: Quantity = defaultQuantity(stored.tables),
): Promise<StrongToken[][]> {
  if (stored.manifest.segments.length === 0) return addresses.map(() => []);
  const segments = await stored.segments();
  const metrics = await stored.metrics();
  const contexts = new Map<number, Promise<LayerContext>>();
  const tokensOf = async (address: NeuronAddress): Promise<StrongToken[]> => {
    const table = findTable(stored.tables, address, quantity);
    requireNeuron(stored.tables[table]!, address);
    const known = contexts.get(table) ?? contextOf(metrics, table, stored.tables[table]!);
    contexts.set(table, known);
    const [context, { summary, documentAt }] = [
      await known,
      await readNeuron(segments, table, address.neuron),
    ];
    const figures = figuresOf(summary, 0, context);
    if (figures.count === 0 || figures.dead || figures.constant) return [];
    const reader = new ExampleReader(stored, documentAt, histogramOf(summary), () => Promise.resolve('same'));
    const places = strongestPlaces(summary, isNegativeOnly(figures, context));
    return strongestTokens(await reader.placedTokens(places));
  };
  const found: StrongToken[][] = [];
  for (let first = 0; first < addresses.length; first += TOGETHER) {
    found.push(...(await Promise.all(addresses.slice(first, first + TOGETHER).map(tokensOf))));
  }
  return found;
}
