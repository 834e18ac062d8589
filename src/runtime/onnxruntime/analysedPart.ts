import type { Part } from '../../core/common/neuronAddress';
import { LensError } from '../../core/common/errors';
import { analyseModel, type LocatedSite, type ModelAnalysis } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import { layerCount } from '../models/modelConfig';
import { loadModel } from '../models/modelBytes';
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
  const { model, weights, sha256 } =
    shuffled === undefined ? loaded : await withShuffledWeights(loaded, shuffled);
  const analysis = analyseModel(model, {
    part: file === whole ? null : part,
    layers: (stack) => layerCount(modelPackage.config, stack),
  });
  return { file, weights, sha256, analysis };
}

/** One output of a run. */
export interface WantedOutput {
  readonly located: LocatedSite;
  readonly quantity: Quantity;
}
