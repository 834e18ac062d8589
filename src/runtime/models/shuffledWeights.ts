import { open } from 'node:fs/promises';
import { LensError } from '../../core/common/errors';
import { randomOf } from '../../core/common/random';
import type { OnnxTensor } from '../../core/onnx/protobuf/model';
import { isWeightMatrix, ownElements, shuffledMatrix } from '../../core/onnx/surgery/shuffleWeights';
import type { LoadedModel } from './modelBytes';

/** All weights come to lie in the model's own bytes, of which onnxruntime reads so many. */
const MOST_BYTES = 1.9 * 2 ** 30;

/**
 * The same model with the weights of every matrix in a random order, each within its matrix.
 * @throws LensError `unsupported-model` where there are no matrices to be found, or more than fits into one file
 */
export async function withShuffledWeights(loaded: LoadedModel, seed: number): Promise<LoadedModel> {
  const { model, weights } = loaded;
  const matrices = [...model.graph.initializers.values()].filter(isWeightMatrix);
  const outside = matrices.reduce((sum, { external }) => sum + (external?.length ?? 0), 0);
  if (outside > MOST_BYTES) {
    throw new LensError('unsupported-model', 'The weights of a model of over 1.9 GB cannot be shuffled.');
  }
  const shuffled = new Map<string, OnnxTensor>();
  for (const matrix of matrices) {
    const elements = ownElements(matrix) ?? (await externalElements(matrix, weights.paths));
    if (elements)
      shuffled.set(matrix.name, shuffledMatrix(matrix, elements, randomOf(`${matrix.name} ${seed}`)));
  }
  if (shuffled.size === 0) {
    throw new LensError('unsupported-model', 'The model has no matrices of weights that could be shuffled.');
  }
  const initializers = new Map([...model.graph.initializers, ...shuffled]);
  return { ...loaded, model: { ...model, graph: { ...model.graph, initializers } } };
}

async function externalElements(
  { external }: OnnxTensor,
  paths: ReadonlyMap<string, string>,
): Promise<Uint8Array | null> {
  const path = paths.get(external?.location ?? '');
  if (!external || path === undefined || external.length === null) return null;
  const handle = await open(path, 'r');
  try {
    const elements = new Uint8Array(external.length);
    await handle.read(elements, 0, external.length, external.offset);
    return elements;
  } finally {
    await handle.close();
  }
}
