import { columnOf, projectionColumns } from '../../core/onnx/blockCheck';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { exposeNeurons } from '../../core/onnx/surgery/expose';
import type { ModelPackage } from '../models/modelPackage';
import type { AnalysedPart } from './analysedPart';
import { matrixOf } from './selfTest';
import { StackSession } from './stackSession';

/**
 * The input weights of the neurons of an FFN: of the gate where there is one.
 * @returns the column of each neuron [d_model]; null where the matrix cannot be read by itself
 */
export async function inputWeights(
  modelPackage: ModelPackage,
  { analysis, file, weights }: AnalysedPart,
  { site, source: { ffn, routing } }: LocatedSite,
): Promise<((neuron: number) => Float64Array) | null> {
  const [root] = ffn.roots;
  if (!root || routing || (root.linear.matrix === null && !root.linear.packed)) return null;
  const { bytes, beside } = exposeNeurons(analysis.index, [], weights.renamed, [root.linear]);
  const runnable = { bytes, path: file.path, weightFolder: weights.folder };
  try {
    const session = await StackSession.open(runnable, modelPackage, {});
    try {
      const one = { rows: 1, width: 1, ids: new Uint32Array(1), lengths: Uint32Array.of(1) };
      const values = (await session.run(one))[beside[0]!]!.data as Float32Array;
      const matrix = matrixOf(root, values);
      return (neuron) => columnOf(matrix, projectionColumns(root.half, site.dFf), neuron);
    } finally {
      await session.dispose();
    }
  } catch {
    return null;
  }
}
