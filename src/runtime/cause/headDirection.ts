import { applyMap, type FeatureMap } from '../../core/cause/featureMap';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { partAdded, type HeadModel } from './headModel';

/** What the unembedding reads of a vector that a neuron writes, where all norms scale by 1. */
export async function headDirection(
  model: HeadModel,
  located: LocatedSite,
  out: Float64Array,
): Promise<Float64Array | string> {
  const final = await model.finalNorm();
  if (!final) return 'more than a norm stands between the residual stream and the unembedding';
  const part = model.partOf(located);
  const own = part ? partAdded(part, await model.normOf(part), out, 1) : out;
  if (!own) return 'what stands between the layer and the residual stream is no norm';
  return lessBias(final, applyMap(final, own, 1));
}

function lessBias({ bias }: FeatureMap, values: Float64Array): Float64Array {
  return values.map((value, at) => value - bias[at]!);
}
