import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TensorType } from '../../../src/core/onnx/protobuf/model';
import { GraphEditor } from '../../../src/core/onnx/surgery/graphEditor';
import { resolveModelPackage } from '../../../src/runtime/models/modelPackage';
import type { NamedArrays } from '../../../src/runtime/onnxruntime/namedInputs';
import { analysePart } from '../../../src/runtime/onnxruntime/analysedPart';
import { StackSession } from '../../../src/runtime/onnxruntime/stackSession';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');
const BATCH = { rows: 1, width: 5, ids: Uint32Array.of(5, 9, 11, 40, 7), lengths: Uint32Array.of(5) };
const LAYER = 1;

/** Logits of a model whose one layer's neurons go through what `change` makes of them, or of the file as it is. */
async function logits(
  fixture: string,
  change: ((editor: GraphEditor, act: string, neurons: number) => string) | null,
  given?: (neurons: number) => NamedArrays,
): Promise<Float32Array> {
  const modelPackage = await resolveModelPackage(path.join(FIXTURES, fixture), { embeddedModel: '' });
  const { analysis, file, weights } = await analysePart(modelPackage, 'model');
  const { ffn } = analysis.sites.find(({ site }) => site.layer === LAYER)!.source;
  const editor = new GraphEditor(analysis.index);
  if (change) editor.rewire(ffn.act.name, change(editor, ffn.act.name, ffn.dFf));
  const bytes = editor.write(['logits'], weights.renamed);
  const runnable = { bytes, path: file.path, weightFolder: weights.folder };
  const session = await StackSession.open(runnable, modelPackage, {});
  try {
    const { logits } = await session.run(BATCH, given?.(ffn.dFf));
    return logits!.data as Float32Array;
  } finally {
    await session.dispose();
  }
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, at) => Math.max(largest, Math.abs(value - b[at]!)), 0);
}

describe.each(['gpt2-optimum-past', 'llama-optimum-past', 'llama-func'])('the whole of %s', (fixture) => {
  /** h · scale + shift, both given with each run. */
  const scaled = (editor: GraphEditor, act: string, neurons: number): string => {
    const scale = editor.input('scale', TensorType.float, ['rows', 'tokens', neurons]);
    const shift = editor.input('shift', TensorType.float, ['rows', 'tokens', neurons]);
    return editor.add('Add', [editor.add('Mul', [act, scale]), shift]);
  };
  const given =
    (scale: number, shift: number) =>
    (neurons: number): NamedArrays =>
      new Map(
        Object.entries({ scale, shift }).map(([name, value]) => [
          name,
          { values: Array<number>(neurons).fill(value), dims: [1, 1, neurons] },
        ]),
      );

  it('gives its own logits through a layer that is left as it is', async () => {
    const original = await logits(fixture, null);
    expect(largestDifference(await logits(fixture, scaled, given(1, 0)), original)).toBeLessThan(1e-6);
  });

  it('gives the logits of a layer without neurons through one that is scaled by zero', async () => {
    const original = await logits(fixture, null);
    const without = await logits(fixture, (editor, act) => editor.add('Sub', [act, act]));
    expect(largestDifference(without, original)).toBeGreaterThan(1e-3);
    expect(largestDifference(await logits(fixture, scaled, given(0, 0)), without)).toBeLessThan(1e-6);
    expect(largestDifference(await logits(fixture, scaled, given(0, 1)), without)).toBeGreaterThan(1e-3);
  });
});
