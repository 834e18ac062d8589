import type { NeuronWeights } from '../../core/cause/effectAnswer';
import { pullBack } from '../../core/cause/featureMap';
import { momentsOf } from '../../core/cause/vocabularyEffect';
import { LensError } from '../../core/common/errors';
import { neuronFormat } from '../../core/common/neuronAddress';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { WeightFigures } from '../../core/stats/weightFigures';
import { inputWeights } from '../onnxruntime/inputWeights';
import { openMatrixProducts } from '../onnxruntime/matrixProduct';
import { normsOf } from '../onnxruntime/outputWeights';
import { headDirection } from './headDirection';
import type { HeadModel } from './headModel';

/** Neurons whose effects on the whole vocabulary are computed together. */
const TOGETHER = 256;
/** Bytes of the unembedding that are held at once. */
const MOST_UNEMBEDDING = 2 ** 30;

/**
 * What every neuron writes toward one token: its effect on the token's logit through the weights alone, less the mean over
 * the vocabulary, as `effect` gives it.
 * @returns by the neuron's name
 * @throws LensError `unsupported-model` where more than a norm stands before the unembedding
 */
export async function towardToken(
  model: HeadModel,
  token: number,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const final = await requireNorm(model);
  const { directions, mean } = await (await model.unembedding()).columns([token]);
  const target = directions[0]!.map((value, at) => value - mean[at]!);
  const found = new Map<string, number>();
  for (const located of model.whole.analysed.analysis.sites) {
    signal.throwIfAborted();
    const written = await model.written(located);
    if (!written) continue;
    const pulled = await throughOwnNorm(model, located, pullBack(final, target));
    const name = neuronFormat(located.site);
    for (let neuron = 0; neuron < located.site.dFf; neuron++) {
      let sum = 0;
      const from = neuron * pulled.length;
      for (let at = 0; at < pulled.length; at++) sum += written[from + at]! * pulled[at]!;
      found.set(name(neuron), sum);
    }
  }
  return found;
}

async function requireNorm(model: HeadModel) {
  const final = await model.finalNorm();
  if (final) return final;
  throw new LensError(
    'unsupported-model',
    `More than a norm stands between the residual stream and the unembedding of ${model.whole.modelPackage.id}, so ` +
      'that weights alone do not tell what a neuron promotes. Look at single neurons with neuron-lens effect.',
  );
}

/** A direction of the stream as the neurons of a layer write toward it, where norms scale by 1. */
async function throughOwnNorm(
  model: HeadModel,
  located: LocatedSite,
  direction: Float64Array,
): Promise<Float64Array> {
  const part = model.partOf(located);
  if (!part) return direction;
  const norm = await model.normOf(part);
  const own = norm ? pullBack(norm, direction) : direction;
  return own.map((value) => value * part.factor);
}

/**
 * Figures of the weights of all neurons: norms, cos(w_in, w_out), and how what they write is spread over the vocabulary.
 * @returns by the neuron's name
 * @throws LensError `unsupported-model` where the unembedding does not fit into memory, with the numbers
 */
export async function weightFigures(
  model: HeadModel,
  signal: AbortSignal,
): Promise<Map<string, WeightFigures>> {
  const { width, vocabulary } = model;
  const bytes = 4 * width * vocabulary;
  if (bytes > MOST_UNEMBEDDING) {
    throw new LensError(
      'unsupported-model',
      `The unembedding of ${model.whole.modelPackage.id} takes ${Math.round(bytes / 2 ** 20)} MiB, and ` +
        `${MOST_UNEMBEDDING / 2 ** 20} are used for it. Look at single neurons with neuron-lens effect.`,
    );
  }
  await requireNorm(model);
  const matrix = new Float32Array(width * vocabulary);
  await (await model.unembedding()).read((feature, scores) => matrix.set(scores, feature * vocabulary));
  const found = new Map<string, WeightFigures>();
  const product = await openMatrixProducts();
  try {
    for (const located of model.whole.analysed.analysis.sites) {
      const written = await model.written(located);
      if (!written) continue;
      const read = await inputWeights(model.whole.modelPackage, model.whole.analysed, located);
      const norms = normsOf(written, width);
      const name = neuronFormat(located.site);
      for (let first = 0; first < norms.length; first += TOGETHER) {
        signal.throwIfAborted();
        const count = Math.min(TOGETHER, norms.length - first);
        const rows = new Float32Array(count * width);
        for (let at = 0; at < count; at++) {
          const out = outOf(written, first + at, width);
          const direction = await headDirection(model, located, out);
          if (typeof direction !== 'string') rows.set(direction, at * width);
        }
        const scores = await product.multiply(rows, matrix, width);
        for (let at = 0; at < count; at++) {
          const moments = momentsOf(
            Float64Array.from(scores.subarray(at * vocabulary, (at + 1) * vocabulary)),
          );
          const out = outOf(written, first + at, width);
          found.set(name(first + at), {
            outNorm: norms[first + at]!,
            ...alignment(read ? read(first + at) : null, out),
            vocabularyKurtosis: moments?.kurtosis ?? null,
            vocabularySkewness: moments?.skewness ?? null,
          });
        }
      }
    }
  } finally {
    await product.dispose();
  }
  return found;
}

function outOf(written: Float32Array, neuron: number, width: number): Float64Array {
  return Float64Array.from(written.subarray(neuron * width, (neuron + 1) * width));
}

/** ‖w_in‖ and cos(w_in, w_out). */
export function alignment(
  into: Float64Array | null,
  out: Float64Array,
): Pick<NeuronWeights, 'inNorm' | 'cosine'> {
  if (!into) return { inNorm: null, cosine: null };
  const length = (values: Float64Array): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  const inNorm = length(into);
  const dot = into.reduce((sum, value, at) => sum + value * out[at]!, 0);
  return { inNorm, cosine: dot / (inNorm * length(out)) };
}
