import type { GraphIndex } from './graph/graphIndex';
import { inputsOf } from './graph/inputsOf';
import type { OnnxNode } from './protobuf/model';

/** Recurrent operators: from right to left they come through the padding first. */
const RECURRENT: readonly string[] = ['LSTM', 'GRU', 'RNN'];

/**
 * Why padding to the right of a text may change what is computed for its own tokens, as far as a graph tells; null where
 * it does not tell. A position that sees only those before it is out of the padding's reach.
 * @param tensors what is computed for each token
 */
export function whyPadsReach(index: GraphIndex, tensors: readonly string[], causal: boolean): string | null {
  const nodes = [...index.ancestors(tensors)];
  if (nodes.some(({ opType }) => opType === 'DFT')) return 'a Fourier transform goes over all positions';
  if (nodes.some(readsBackward)) return 'it is read from right to left, too';
  if (causal) return null;
  if (nodes.some(looksAside)) return 'a convolution goes over neighbouring positions';
  const inputs = tensors.flatMap((tensor) => [...inputsOf(index, tensor)]);
  return inputs.some((name) => /mask|len/.test(name)) ? null : 'it takes no mask of the padding';
}

function readsBackward({ opType, attributes, inputs }: OnnxNode): boolean {
  const isBackward = /reverse|bidirectional/.test(attributes.get('direction')?.text ?? '');
  return RECURRENT.includes(opType) && isBackward && (inputs[4] ?? '') === '';
}

/** Whether a node is a convolution over one axis that takes in more than one position of it. */
function looksAside({ opType, attributes }: OnnxNode): boolean {
  const [size = 1, ...others] = attributes.get('kernel_shape')?.integers ?? [];
  return opType === 'Conv' && others.length === 0 && size > 1;
}
