import type { GraphIndex } from '../graph/graphIndex';
import type { OnnxNode } from '../protobuf/model';
import { lastOfShape } from './reshapes';

/** Which columns of a packed projection a tensor holds. */
export interface FeatureHalf {
  /** Counted from 0. */
  readonly index: number;
  /** Gate and up columns take turns instead of standing in two blocks. */
  readonly interleaved: boolean;
}

/** @returns what part of its input's features `tensor`, an output of `node`, holds; null where the node takes no such part. */
export function halfOf(index: GraphIndex, node: OnnxNode, tensor: string): FeatureHalf | null {
  switch (node.opType) {
    case 'Split': {
      const shaped = index.producer(node.inputs[0] ?? '');
      const pairs = shaped?.opType === 'Reshape' && lastOfShape(index, shaped.inputs[1] ?? '') === 2;
      return { index: node.outputs.indexOf(tensor), interleaved: pairs };
    }
    case 'SequenceAt': {
      const at = number(index, node.inputs[1]);
      return at === undefined ? null : { index: at, interleaved: false };
    }
    case 'Slice': {
      const start = node.attributes.get('starts')?.integers[0] ?? number(index, node.inputs[1]);
      const step = number(index, node.inputs[4]) ?? 1;
      return { index: start === 0 ? 0 : 1, interleaved: step > 1 };
    }
    case 'Gather': {
      if (!index.isConstant(node.inputs[1] ?? '') || index.isConstant(node.inputs[0] ?? '')) return null;
      const chosen = index.numbers(node.inputs[1] ?? '');
      const [first, second] = chosen ?? [];
      if (first === undefined) return null;
      if (second === undefined) {
        return { index: first, interleaved: node.attributes.get('axis')?.integer !== -2 };
      }
      return { index: first === 0 ? 0 : 1, interleaved: second - first > 1 };
    }
    default:
      return null;
  }
}

function number(index: GraphIndex, name: string | undefined): number | undefined {
  return name === undefined ? undefined : index.numbers(name)?.[0];
}
