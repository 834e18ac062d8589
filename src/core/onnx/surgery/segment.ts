import type { StreamEnd } from '../head/findHead';
import { elementTypeOf } from '../graph/elementType';
import type { GraphIndex } from '../graph/graphIndex';
import { TensorType } from '../protobuf/model';
import { GraphEditor } from './graphEditor';

/** The piece of a graph that computes some tensors from one other. */
export interface GraphSegment {
  readonly bytes: Uint8Array;
  /** float32, of the shape that the tensor has in the whole graph. */
  readonly input: string;
  /** float32, in the order in which they were asked for. */
  readonly outputs: readonly string[];
}

/** Inputs of SkipLayerNormalization: two terms; the bias is the last of its inputs, behind scale and shift. */
const FUSED_BIAS: Readonly<Record<string, number | undefined>> = {
  SkipLayerNormalization: 4,
  SkipSimplifiedLayerNormalization: 3,
};

/**
 * Cuts a graph at a tensor, so that a run gives that tensor and gets what is computed from it. What else is read, such as
 * ids for the sake of a shape, stays an input.
 * @param from in the place of what a norm is fused with, the sum that it is taken of
 * @param renamed new names of the files that hold weights, by old name
 */
export function cutSegment(
  index: GraphIndex,
  from: StreamEnd,
  to: readonly string[],
  renamed: ReadonlyMap<string, string> = new Map(),
): GraphSegment {
  const editor = new GraphEditor(index);
  const input = editor.input('neuron_lens/stream', TensorType.float, null);
  const outputs = to.map((tensor) =>
    elementTypeOf(index, tensor) === TensorType.float
      ? editor.add('Identity', [tensor])
      : editor.add('Cast', [tensor], { to: TensorType.float }),
  );
  const given = (like: string): string => {
    const type = elementTypeOf(index, like);
    return type === TensorType.float ? input : editor.add('Cast', [input], { to: type });
  };
  if (from.kind === 'tensor') editor.rewire(from.tensor, given(from.tensor));
  else {
    const { norm } = from;
    const [term = '', other = ''] = norm.inputs;
    const sum = given(term);
    const bias = norm.inputs[FUSED_BIAS[norm.opType] ?? -1] ?? '';
    const nothing = editor.add('Sub', [sum, sum]);
    const copy = editor.addCopy(
      norm,
      new Map([
        [bias, ''],
        [term, sum],
        [other, nothing],
      ]),
    );
    editor.rewire(norm.outputs[0]!, copy);
  }
  return { bytes: editor.write(outputs, renamed), input, outputs };
}

/** The tensors that add up to a stream's end, in the order in which they are added. */
export function streamTerms(end: StreamEnd): readonly string[] {
  if (end.kind === 'tensor') return [end.tensor];
  const { inputs, opType } = end.norm;
  return [inputs[0], inputs[1], inputs[FUSED_BIAS[opType] ?? -1]].filter(
    (name) => name !== undefined && name !== '',
  ) as string[];
}
