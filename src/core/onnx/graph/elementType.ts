import type { GraphIndex } from './graphIndex';
import { TensorType, type OnnxNode } from '../protobuf/model';

/** Operators whose output has the type of another input than the first. */
const TYPE_INPUT: Readonly<Record<string, number | undefined>> = {
  Where: 1,
  CastLike: 1,
  DequantizeLinear: 1,
  GatherBlockQuantized: 2,
};
/** Operators whose output has one type whatever they read. */
const FIXED: Readonly<Record<string, number | undefined>> = {
  Shape: TensorType.int64,
  MatMulInteger: TensorType.int32,
  ConvInteger: TensorType.int32,
};

/** The element type of a tensor, of `TensorType`, as far as the graph tells; float32 where it does not. */
export function elementTypeOf(index: GraphIndex, tensor: string): number {
  const { inputs, values } = index.graph;
  const stated = new Map([...inputs, ...values].map(({ name, type }) => [name, type]));
  let name = tensor;
  // A hostile graph may read itself in a circle.
  for (let steps = 0; steps <= index.graph.nodes.length; steps++) {
    const known = index.tensor(name)?.type ?? stated.get(name) ?? null;
    if (known !== null) return known;
    const node = index.producer(name);
    if (!node) return TensorType.float;
    const cast = node.opType === 'Cast' ? node.attributes.get('to')?.integer : FIXED[node.opType];
    if (cast !== undefined && cast !== null) return cast;
    name = typedLike(node);
  }
  return TensorType.float;
}

function typedLike({ opType, inputs }: OnnxNode): string {
  return inputs[TYPE_INPUT[opType] ?? 0] ?? '';
}
