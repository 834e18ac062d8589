import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resolveModelPackage } from '../../../src/runtime/models/modelPackage';
import type { OnnxActivationModel } from '../../../src/runtime/onnxruntime/onnxActivationModel';
import { openActivationModel } from '../../../src/runtime/onnxruntime/openActivationModel';
import type { OutputBuffers } from '../../../src/runtime/onnxruntime/outputBuffers';

const WIDTH = 9;
const ROWS = 2;
const embeddedModel = fileURLToPath(new URL('../../../media/embedded-model/', import.meta.url));

/** Buffers that are full of what no model gives, so that what a run leaves out is seen. */
class MarkedBuffers implements OutputBuffers {
  readonly taken: Float32Array[] = [];

  take(slot: number, length: number): Float32Array {
    this.taken[slot] = new Float32Array(length).fill(NaN);
    return this.taken[slot];
  }
}

const buffers = new MarkedBuffers();
let model: OnnxActivationModel;

beforeAll(async () => {
  const modelPackage = await resolveModelPackage('default', { embeddedModel });
  model = await openActivationModel(modelPackage, { buffers });
});

afterAll(() => model.dispose());

function batchOf(ids: readonly number[]) {
  const lengths = Uint32Array.from({ length: ROWS }, () => WIDTH);
  return { rows: ROWS, width: WIDTH, ids: Uint32Array.from(ids), lengths };
}

it('gives in the memory laid ready what a run returns otherwise, and an error where a run fails', async () => {
  const ids = Array.from({ length: ROWS * WIDTH }, (_, i) => (37 * i) % 1000);
  const returned = (await model.run(batchOf(ids))).map(({ values }) => values.slice());
  expect(buffers.taken).toHaveLength(0);

  const inPlace = await model.run(batchOf(ids));
  expect(buffers.taken).toHaveLength(returned.length);
  inPlace.forEach(({ values }, slot) => {
    expect(values.buffer).toBe(buffers.taken[slot]!.buffer);
    expect(values).toEqual(returned[slot]);
  });

  const beyondVocabulary = ids.map(() => 1_000_000);
  await expect(model.run(batchOf(beyondVocabulary))).rejects.toThrow(/indices element out of data bounds/);
});
