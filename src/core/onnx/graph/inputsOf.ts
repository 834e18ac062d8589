import type { GraphIndex } from './graphIndex';
import { TensorType } from '../protobuf/model';
import { namesRead } from './namesRead';

const TOKEN_IDS = /^(decoder_)?input_ids$|^input(_word_ids)?$|^tokens$|^input\.1$/;

/** Names of the model's inputs that a tensor depends on. */
export function inputsOf(index: GraphIndex, tensor: string): ReadonlySet<string> {
  const inputs = new Set(index.graph.inputs.map(({ name }) => name));
  const found = new Set(inputs.has(tensor) ? [tensor] : []);
  for (const node of index.ancestors([tensor])) {
    for (const name of namesRead(node)) if (inputs.has(name)) found.add(name);
  }
  return found;
}

/** Inputs of tokens that another file has looked up. */
const TOKEN_EMBEDDINGS = /^(decoder_)?inputs_embeds$/;

/** Whether a tensor is computed from something else than text, such as an image or sound: no token reaches it. */
export function readsNoText(index: GraphIndex, tensor: string): boolean {
  const text = textInputs(index);
  return ![...inputsOf(index, tensor)].some((name) => text.has(name));
}

/** The inputs that carry tokens; where none is called so, those of whole numbers by row and position. */
function textInputs(index: GraphIndex): ReadonlySet<string> {
  const { inputs } = index.graph;
  const named = inputs.filter(({ name }) => isTokenIds(name) || TOKEN_EMBEDDINGS.test(plainInputName(name)));
  const alike = inputs.filter(
    ({ type, shape }) => (type === TensorType.int32 || type === TensorType.int64) && shape?.length === 2,
  );
  return new Set((named.length > 0 ? named : alike).map(({ name }) => name));
}

/** Whether an input is called as token ids are. */
export function isTokenIds(input: string): boolean {
  return TOKEN_IDS.test(plainInputName(input));
}

/** TensorFlow counts its tensors: `input_ids:0`. */
export function plainInputName(input: string): string {
  return input.replace(/:\d+$/, '');
}
