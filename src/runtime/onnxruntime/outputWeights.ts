import { TensorType } from '../../core/onnx/protobuf/model';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { GraphEditor } from '../../core/onnx/surgery/graphEditor';
import type { AnalysedPart } from './analysedPart';
import { openSession } from './session';
import { Tensor } from './library';

/**
 * The output weights of all neurons of an FFN, whichever way they are stored: what its down projection makes of one
 * neuron at 1 and the others at 0.
 * @returns [neurons × d_model]; null where the projection does not run by itself
 */
export async function outputWeights(
  { analysis, file, weights }: AnalysedPart,
  { source: { ffn } }: LocatedSite,
): Promise<Float32Array | null> {
  const { act, down, dFf, dModel } = ffn;
  const editor = new GraphEditor(analysis.index);
  const half = [...analysis.index.graph.initializers.values()].some(
    ({ type }) => type === TensorType.float16,
  );
  const rank = act.rank === 2 ? 2 : 3;
  const shape = rank === 2 ? ['a', 'b'] : ['a', 'b', 'c'];
  const input = editor.input('neuron_lens/h', TensorType.float, shape);
  editor.rewire(act.name, half ? editor.add('Cast', [input], { to: TensorType.float16 }) : input);
  const output = half
    ? editor.add('Cast', [down.output.name], { to: TensorType.float })
    : editor.add('Identity', [down.output.name]);
  try {
    const session = await openSession(editor.write([output], weights.renamed), file.path, {
      weightFolder: weights.folder,
    });
    try {
      if (session.inputNames.length !== 1) return null;
      const tokensLast = act.axis === -2 || (act.rank === 3 && act.axis === 1);
      // One more token, at which all are 0, gives what the projection adds by itself.
      const tokens = dFf + 1;
      const unit = new Float32Array(tokens * dFf);
      for (let neuron = 0; neuron < dFf; neuron++)
        unit[tokensLast ? neuron * tokens + neuron : neuron * (dFf + 1)] = 1;
      const size = tokensLast ? [dFf, tokens] : [tokens, dFf];
      const results = await session.run({
        [input]: new Tensor('float32', unit, rank === 2 ? size : [1, ...size]),
      });
      const { data, dims } = results[output]!;
      if (data.length !== tokens * dModel) return null;
      const written = tokensFirst(data as Float32Array, tokens, dModel, dims.at(-1) === dModel);
      const bias = written.subarray(dFf * dModel);
      return written.subarray(0, dFf * dModel).map((value, at) => (value - bias[at % dModel]!) / ffn.scale);
    } finally {
      await session.release();
    }
  } catch {
    return null;
  }
}

function tokensFirst(values: Float32Array, tokens: number, width: number, asTheyLie: boolean): Float32Array {
  if (asTheyLie) return values;
  const turned = new Float32Array(values.length);
  for (let token = 0; token < tokens; token++) {
    for (let at = 0; at < width; at++) turned[token * width + at] = values[at * tokens + token]!;
  }
  return turned;
}

/** [neurons] ‖w_out‖ */
export function normsOf(weights: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: weights.length / width }, (_, neuron) => {
    let sum = 0;
    for (let at = 0; at < width; at++) sum += weights[neuron * width + at]! ** 2;
    return Math.sqrt(sum);
  });
}
