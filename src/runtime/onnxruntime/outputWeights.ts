import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { TensorType } from '../../core/onnx/protobuf/model';
import { GraphEditor } from '../../core/onnx/surgery/graphEditor';
import type { ModelPackage } from '../models/modelPackage';
import type { AnalysedPart } from './analysedPart';
import { openSegment } from './openSegment';
import { repeatRow } from './repeatedRows';
import { StackSession } from './stackSession';

/**
 * The output weights of all neurons of an FFN, whichever way they are stored: what becomes of one neuron at 1 and the
 * others at 0.
 * @param written the tensor up to which what the neurons write is followed; what the down projection gives if absent
 * @returns [neurons × d_model]; null where that part of the graph does not run by itself
 */
export async function outputWeights(
  modelPackage: ModelPackage,
  analysed: AnalysedPart,
  located: LocatedSite,
  written: string = located.source.ffn.down.output.name,
): Promise<Float32Array | null> {
  const { ffn } = located.source;
  if (ffn.down.weight.pickedBy !== null || ffn.down.stack !== null) {
    return weightsOfStack(modelPackage, analysed, located);
  }
  const { act, dFf, dModel } = ffn;
  const tokensLast = act.axis === -2 || (act.rank === 3 && act.axis === 1);
  // One more token, at which all are 0, gives what is written whatever the neurons do.
  const tokens = dFf + 1;
  const unit = new Float32Array(tokens * dFf);
  for (let neuron = 0; neuron < dFf; neuron++) {
    unit[tokensLast ? neuron * tokens + neuron : neuron * (dFf + 1)] = 1;
  }
  const size = tokensLast ? [dFf, tokens] : [tokens, dFf];
  try {
    const segment = await openSegment(modelPackage, analysed, { kind: 'tensor', tensor: act.name }, [
      written,
    ]);
    try {
      const [result] = await segment.run(unit, act.rank === 2 ? size : [1, ...size]);
      if (result?.values.length !== tokens * dModel) return null;
      const rows = tokensFirst(result.values, tokens, dModel, result.dims.at(-1) === dModel);
      const bias = rows.subarray(dFf * dModel);
      return rows.subarray(0, dFf * dModel).map((value, at) => (value - bias[at % dModel]!) / ffn.scale);
    } finally {
      await segment.dispose();
    }
  } catch {
    return null;
  }
}

/** Weights whose numbers are what they are multiplied by. */
const PLAIN_TYPES: readonly (number | undefined)[] = [
  TensorType.float,
  TensorType.float16,
  TensorType.bfloat16,
  TensorType.double,
];

/** The output weights of one expert, which stand beside those of the others in one tensor; null where they are packed. */
async function weightsOfStack(
  modelPackage: ModelPackage,
  { analysis: { index }, file, weights }: AnalysedPart,
  { source: { ffn, address } }: LocatedSite,
): Promise<Float32Array | null> {
  const { root } = ffn.down.weight;
  const stored = index.tensor(root);
  if (!stored || !PLAIN_TYPES.includes(stored.type) || address.expert === null) return null;
  // [experts, d_ff, d_model] or turned; a square one does not tell which.
  const [, ...sizes] = stored.dims;
  const sorted = [ffn.dFf, ffn.dModel].sort((a, b) => a - b).join();
  if (ffn.dFf === ffn.dModel || sizes.toSorted((a, b) => a - b).join() !== sorted) return null;
  const editor = new GraphEditor(index);
  const expert = editor.constant(TensorType.int64, [], [address.expert]);
  const own = editor.add('Cast', [editor.add('Gather', [root, expert], { axis: 0 })], {
    to: TensorType.float,
  });
  const bytes = editor.write([own], weights.renamed);
  const session = await StackSession.open(
    { bytes, path: file.path, weightFolder: weights.folder },
    modelPackage,
    {},
  );
  try {
    const { data } = (await session.run(repeatRow(new Uint32Array(1), 1)))[own]!;
    const rows = tokensFirst(data as Float32Array, ffn.dFf, ffn.dModel, sizes.at(-1) === ffn.dModel);
    return rows.map((value) => value / ffn.scale);
  } finally {
    await session.dispose();
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
