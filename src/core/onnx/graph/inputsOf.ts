import type { GraphIndex } from './graphIndex';
import { namesRead } from './namesRead';

/** Inputs that carry images or sound. */
const NO_TEXT = /pixel|image|input_features|input_values|audio/;
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

/** Whether a tensor is computed from images or sound, and from no text. */
export function readsNoText(index: GraphIndex, tensor: string): boolean {
  const names = [...inputsOf(index, tensor)];
  return names.some((name) => NO_TEXT.test(name)) && !names.some((name) => /ids$|embeds$/.test(name));
}

/** Whether an input is called as token ids are. */
export function isTokenIds(input: string): boolean {
  return TOKEN_IDS.test(plainInputName(input));
}

/** TensorFlow counts its tensors: `input_ids:0`. */
export function plainInputName(input: string): string {
  return input.replace(/:\d+$/, '');
}
