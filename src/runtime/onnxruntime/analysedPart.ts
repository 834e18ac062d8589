import type { Part } from '../../core/common/neuronAddress';
import { LensError } from '../../core/common/errors';
import { cacheLinks } from '../../core/onnx/graph/cacheLinks';
import { analyseModel, type LocatedSite, type ModelAnalysis } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import { layerCount } from '../models/modelConfig';
import { loadModel, type LoadedModel } from '../models/modelBytes';
import { withShuffledWeights } from '../models/shuffledWeights';
import type { ModelFile } from '../models/modelFiles';
import type { ModelPackage } from '../models/modelPackage';
import type { WeightFiles } from '../models/weightFiles';

/** A part of a model as it is on disk, with its FFNs found. */
export interface AnalysedPart {
  readonly file: ModelFile;
  readonly weights: WeightFiles;
  readonly sha256: string;
  readonly analysis: ModelAnalysis;
}

/**
 * Reads the file of a stack and finds its FFNs.
 * @param shuffled seed of the order that the weights of each matrix are put into; as they are without one.
 * @throws LensError `not-found`, `invalid-model`
 */
export async function analysePart(
  modelPackage: ModelPackage,
  part: Part,
  shuffled?: number,
): Promise<AnalysedPart> {
  const whole = modelPackage.parts.get('model');
  const file = modelPackage.parts.get(part) ?? whole;
  if (!file) throw new LensError('usage', `${modelPackage.id} has no ${part}.`);
  const loaded = await loadModel(file.path);
  const read = shuffled === undefined ? loaded : await withShuffledWeights(loaded, shuffled);
  return analysed(modelPackage, file, part, read, false);
}

/** Role of the file in which a decoder goes on from a cache, beside one that does not. */
const WITH_PAST = 'decoder_with_past_model';

/**
 * The graph by which a decoder goes on from what its first pass left, where that is another than the first pass's: a branch
 * of the same file, or a file beside it.
 * @returns null where there is none
 * @throws LensError `not-found`, `invalid-model`
 */
export async function analyseWithPast(
  modelPackage: ModelPackage,
  { file }: AnalysedPart,
  part: Part,
): Promise<AnalysedPart | null> {
  const beside = modelPackage.offered.filter(({ role, dtype }) => role === WITH_PAST && dtype === file.dtype);
  for (const source of [file, ...beside]) {
    const found = analysed(modelPackage, source, part, await loadModel(source.path), true);
    if (cacheLinks(found.analysis.index).length > 0) return found;
  }
  return null;
}

function analysed(
  modelPackage: ModelPackage,
  file: ModelFile,
  part: Part,
  { model, weights, sha256 }: LoadedModel,
  cached: boolean,
): AnalysedPart {
  const hints = {
    part: modelPackage.parts.has('model') ? null : part,
    layers: (stack: Part) => layerCount(modelPackage.config, stack),
  };
  return { file, weights, sha256, analysis: analyseModel(model, hints, cached) };
}

/** One output of a run. */
export interface WantedOutput {
  readonly located: LocatedSite;
  readonly quantity: Quantity;
}
