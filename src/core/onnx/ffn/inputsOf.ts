import type { GraphIndex } from '../graph/graphIndex';
import { namesRead } from '../graph/namesRead';
import type { Ffn } from './ffn';

/** Inputs that carry images or sound. */
const NO_TEXT = /pixel|image|input_features|input_values|audio/;

/** Names of the model's inputs that an FFN's activations depend on. */
export function inputsOf(index: GraphIndex, ffn: Ffn): ReadonlySet<string> {
  const inputs = new Set(index.graph.inputs.map(({ name }) => name));
  const found = new Set<string>();
  for (const node of index.ancestors([ffn.act.name])) {
    for (const name of namesRead(node)) if (inputs.has(name)) found.add(name);
  }
  return found;
}

/** Whether an FFN lies in a tower that reads images or sound instead of text. */
export function readsNoText(index: GraphIndex, ffn: Ffn): boolean {
  const names = [...inputsOf(index, ffn)];
  return names.some((name) => NO_TEXT.test(name)) && !names.some((name) => /ids$|embeds$/.test(name));
}
