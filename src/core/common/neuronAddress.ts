/** Which stack of a model a layer belongs to: `model` where there is only one. */
export type Part = 'model' | 'encoder' | 'decoder';

/** Where the neurons of one FFN sit: stack, layer, the FFN within the layer, the expert within the FFN. */
export interface SiteAddress {
  readonly part: Part;
  /** Counted from 0. */
  readonly layer: number;
  /** Counted from 0 where a layer holds several FFNs, else null. */
  readonly block: number | null;
  /** Counted from 0 in a mixture of experts, else null. */
  readonly expert: number | null;
}

/** One neuron: `[enc:|dec:]L3[a][.E5].N652` in text. */
export interface NeuronAddress extends SiteAddress {
  /** Column of the tensor that enters the down projection, counted from 0. */
  readonly neuron: number;
}

const STACK_PREFIX: Record<Part, string> = { model: '', encoder: 'enc:', decoder: 'dec:' };
const ADDRESS = /^(?:(enc|dec):)?L?(\d+)([a-z])?(?:\.E(\d+))?[./]N?(\d+)$/i;

/** Whether two addresses name the same FFN. */
export function sameSite(a: SiteAddress, b: SiteAddress): boolean {
  return a.part === b.part && a.layer === b.layer && a.block === b.block && a.expert === b.expert;
}

/** `L3`, `enc:L3b`, `L3.E5`. */
export function formatSite(site: SiteAddress): string {
  const block = site.block === null ? '' : String.fromCharCode('a'.charCodeAt(0) + site.block);
  const expert = site.expert === null ? '' : `.E${site.expert}`;
  return `${STACK_PREFIX[site.part]}L${site.layer}${block}${expert}`;
}

/** `L3.N652`. */
export function formatNeuron(address: NeuronAddress): string {
  return neuronFormat(address)(address.neuron);
}

/** What writes the neurons of one site, for lists of many. */
export function neuronFormat(site: SiteAddress): (neuron: number) => string {
  const name = formatSite(site);
  return (neuron) => `${name}.N${neuron}`;
}

/**
 * Reads `L3.N652`, and what people type for it: `3.652`, `3/652`, `l3.n652`, `dec:L3a.E5.N7`.
 * @returns null when the text is no address.
 */
export function parseNeuron(text: string): NeuronAddress | null {
  const match = ADDRESS.exec(text.trim());
  if (!match) return null;
  const [, stack, layer, block, expert, neuron] = match;
  return {
    part: stack === undefined ? 'model' : stack.toLowerCase() === 'enc' ? 'encoder' : 'decoder',
    layer: Number(layer),
    block: block === undefined ? null : block.toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0),
    expert: expert === undefined ? null : Number(expert),
    neuron: Number(neuron),
  };
}
