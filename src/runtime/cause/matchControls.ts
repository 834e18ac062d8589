import type { NeuronSetting } from '../../core/cause/change';
import { matchedControls } from '../../core/cause/controls';
import { formatNeuron, sameSite, type SiteAddress } from '../../core/common/neuronAddress';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Cause } from './openCause';

/** Other neurons in the places of those that are changed. */
export interface MatchedControls {
  /** For each control the neurons in the place of those asked for. */
  readonly rows: readonly (readonly number[])[];
  readonly notices: readonly string[];
}

/**
 * Matches each changed neuron with others of its layer that write about as much.
 * @param sizes for each changed neuron, the |activation| of all neurons of its layer that is compared
 */
export async function matchControls(
  cause: Cause,
  {
    settings,
    controls: count,
    seed,
  }: {
    readonly settings: readonly Pick<NeuronSetting, 'address'>[];
    readonly controls: number;
    readonly seed: number;
  },
  sizes: readonly Float64Array[],
): Promise<MatchedControls> {
  if (count === 0) return { rows: [], notices: [] };
  const matches: number[][] = [];
  const notices = new Set<string>();
  for (const [at, { address }] of settings.entries()) {
    const norms = await cause.outputNorms(locatedIn(cause, address));
    if (!norms) {
      notices.add(
        'The controls are matched on |activation| alone: the output weights of the layer cannot be read.',
      );
    }
    const written = sizes[at]!.map((size, neuron) =>
      Number.isNaN(size) ? 0 : size * (norms?.[neuron] ?? 1),
    );
    const taken = new Set(
      settings.filter((other) => sameSite(other.address, address)).map((other) => other.address.neuron),
    );
    const found = matchedControls(written, address.neuron, { count, seed, taken });
    if (found.length < count) {
      notices.add(
        `Only ${found.length} neurons of the layer of ${formatNeuron(address)} are controls: the others are silent.`,
      );
    }
    matches.push(found);
  }
  const most = Math.min(...matches.map(({ length }) => length));
  const rows = Array.from({ length: most }, (_, row) => matches.map((match) => match[row]!));
  return { rows, notices: [...notices] };
}

/** The site of a neuron that the model was opened for. */
export function locatedIn({ sites }: Cause, address: SiteAddress): LocatedSite {
  return sites.find(({ site }) => sameSite(site, address))!;
}
