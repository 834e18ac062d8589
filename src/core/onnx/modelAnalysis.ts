import { LensError } from '../common/errors';
import { addressFfns, type AddressedFfn, type StackHints } from './ffn/layers';
import { findFfns, findOpaqueNodes } from './ffn/findFfns';
import { GraphIndex } from './graph/graphIndex';
import type { OnnxModel } from './protobuf/model';
import type { FfnSite, OpaqueNode } from './site';
import { quantitiesOf } from './surgery/expose';

/** What one model file holds for neuron work. */
export interface ModelAnalysis {
  readonly index: GraphIndex;
  /** In the order of their addresses. */
  readonly sites: readonly LocatedSite[];
  readonly opaque: readonly OpaqueNode[];
}

/** A site and where its tensors are in the graph. */
export interface LocatedSite {
  readonly site: FfnSite;
  readonly source: AddressedFfn;
}

/**
 * Finds every FFN of a model file.
 * @param cached of a merged decoder: in the branch that goes on from a cache
 * @throws LensError `invalid-model`
 */
export function analyseModel(model: OnnxModel, hints: StackHints, cached = false): ModelAnalysis {
  const index = new GraphIndex(model, cached);
  if (index.graph.nodes.length === 0) throw new LensError('invalid-model', 'The model holds no operators.');
  const addressed = addressFfns(index, findFfns(index), hints);
  const first = new Map<string, number>();
  const sites = addressed.map((source) => {
    const { ffn, address } = source;
    const weights = [ffn.down, ...ffn.roots.map((root) => root.linear)]
      .map(({ weight }) => `${weight.root}#${weight.member ?? ''}`)
      .concat(String(address.expert))
      .join(' ');
    const owner = first.get(weights);
    if (owner === undefined) first.set(weights, address.layer);
    const site: FfnSite = {
      ...address,
      dModel: ffn.dModel,
      dFf: ffn.dFf,
      gated: ffn.gated,
      packed: ffn.packed,
      activation: ffn.activation,
      sharedWith: owner === undefined || owner === address.layer ? null : owner,
      quantities: quantitiesOf(ffn),
    };
    return { site, source };
  });
  return { index, sites, opaque: findOpaqueNodes(index) };
}
