import { describe, expect, it } from 'vitest';
import { GraphIndex } from '../../../src/core/onnx/graph/graphIndex';
import { readsNoText } from '../../../src/core/onnx/graph/inputsOf';
import { GraphBuilder } from './graphBuilder';

const INT64 = 7;

/** A graph in which one tower reads tokens and the other something else, and what each gives. */
function towers(tokens: string, other: string): { index: GraphIndex; text: string; aside: string } {
  const builder = new GraphBuilder();
  const ids = builder.input(tokens, ['rows', 'tokens'], INT64);
  const text = builder.add('Relu', [builder.add('Gather', [builder.weight(9, 4), ids])]);
  const seen = builder.input(other, ['rows', 'patches', 4]);
  const places = builder.input('position_ids', ['rows', 'patches'], INT64);
  const placed = builder.add('Gather', [builder.weight(9, 4), places]);
  const aside = builder.add('Relu', [builder.add('Add', [seen, placed])]);
  return { index: new GraphIndex(builder.model(builder.add('MatMul', [text, aside]))), text, aside };
}

describe('a graph of two towers', () => {
  it.each(['pixel_values', 'images', 'x', 'flattened_patches'])('tells text from %s', (other) => {
    const { index, text, aside } = towers('input_ids', other);
    expect(readsNoText(index, text)).toBe(false);
    expect(readsNoText(index, aside)).toBe(true);
  });

  it('knows token ids by their shape where nothing is called so', () => {
    const { index, text } = towers('words', 'x');
    expect(readsNoText(index, text)).toBe(false);
  });
});
