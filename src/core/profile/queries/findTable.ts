import { LensError } from '../../common/errors';
import { formatNeuron, formatSite, type NeuronAddress, type SiteAddress } from '../../common/neuronAddress';
import type { Quantity } from '../../onnx/site';
import { tableStem } from '../profileFiles';
import type { ProfiledTable } from '../profiledTable';

/** @throws LensError `not-found` that says what the profile has instead. */
export function findTable(
  tables: readonly ProfiledTable[],
  address: SiteAddress,
  quantity: Quantity,
): number {
  const name = formatSite(address);
  const index = tables.findIndex((table) => formatSite(table.site) === name && table.quantity === quantity);
  if (index >= 0) return index;
  const names = tables.map(({ site, quantity: profiled }) => tableStem(site, profiled));
  const known = names.length > 8 ? `${names.slice(0, 7).join(', ')}, … ${names.at(-1)!}` : names.join(', ');
  throw new LensError('not-found', `This profile has no ${name} with ${quantity}. It has ${known}.`);
}

/** @throws LensError `not-found` when the layer has fewer neurons. */
export function requireNeuron(table: ProfiledTable, address: NeuronAddress): void {
  const { dFf } = table.site;
  if (Number.isInteger(address.neuron) && address.neuron >= 0 && address.neuron < dFf) return;
  throw new LensError(
    'not-found',
    `There is no ${formatNeuron(address)}: ${formatSite(address)} has the neurons N0 to N${dFf - 1}.`,
  );
}
