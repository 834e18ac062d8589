import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenBatch } from '../../../src/core/onnx/activationModel';
import { resolveModelPackage } from '../../../src/runtime/models/modelPackage';
import type { OnnxActivationModel } from '../../../src/runtime/onnxruntime/onnxActivationModel';
import {
  openActivationModel,
  type ActivationModelOptions,
} from '../../../src/runtime/onnxruntime/openActivationModel';
import { layTinyModel, type TinyModel } from './tinyModel';

let folder = '';
let opened: OnnxActivationModel[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'neuron-lens-tiny-'));
});
afterEach(async () => {
  for (const model of opened) await model.dispose();
  opened = [];
  rmSync(folder, { recursive: true });
});

async function open(
  tiny: TinyModel,
  options: ActivationModelOptions = { batches: { again: true } },
): Promise<OnnxActivationModel> {
  await layTinyModel(folder, tiny);
  const model = await openActivationModel(await resolveModelPackage(folder, { embeddedModel: '' }), options);
  opened.push(model);
  return model;
}

function batchOf(...texts: number[][]): TokenBatch {
  const width = Math.max(...texts.map((ids) => ids.length));
  const ids = texts.flatMap((text) => [...text, ...Array<number>(width - text.length).fill(text[0]!)]);
  const lengths = Uint32Array.from(texts, (text) => text.length);
  return { rows: texts.length, width, ids: Uint32Array.from(ids), lengths };
}

async function valuesOf(model: OnnxActivationModel, batch: TokenBatch): Promise<Float32Array> {
  const [output] = await model.run(batch);
  return output!.values.slice();
}

/** Largest difference between what a short text has alone and what it has beside a longer one, padded. */
async function changeByPadding(model: OnnxActivationModel): Promise<number> {
  const [long, short] = [
    [1, 2, 3, 4, 5, 6, 7],
    [8, 9, 10],
  ];
  const alone = await valuesOf(model, batchOf(short));
  const beside = await valuesOf(model, batchOf(long, short));
  const width = alone.length / short.length;
  const own = beside.subarray(long.length * width, (long.length + short.length) * width);
  return alone.reduce((largest, value, at) => Math.max(largest, Math.abs(value - own[at]!)), 0);
}

describe('windows that are run together', () => {
  it.each<[string, TinyModel, RegExp]>([
    ['that take no mask', { mask: 'none' }, /it takes no mask of the padding/],
    ['whose mask comes too late', { mask: 'late' }, /no mask/],
    ['that take a mask and do not heed it', { mask: 'unheeded' }, /padding changes/],
    ['with a convolution over tokens', { mixing: 'convolution' }, /a convolution goes over neighbouring/],
    ['with a mean over tokens', { mixing: 'mean' }, /padding changes the values/],
    ['with a mean that counts the padding', { mixing: 'maskedMeanOverAll' }, /padding changes the values/],
    ['that look at the next token', { mixing: 'next' }, /padding changes the values/],
    ['called causal that are not', { mask: 'none', config: { model_type: 'gpt2' } }, /padding changes/],
  ])('must be equally long in models %s', async (_, tiny, reason) => {
    const model = await open(tiny);
    expect(await changeByPadding(model)).toBeGreaterThan(1e-4);
    expect(model.batching.equalLengths).toMatch(reason);
    expect(model.equalLengths).toBe(true);
    expect(model.maximumRows).toBeGreaterThan(1);
  });

  it.each<[string, TinyModel]>([
    ['that heed their mask', {}],
    ['that are causal and take no mask', { causal: true, mask: 'none' }],
    ['that are causal and have a mask', { causal: true }],
  ])('may be of any length in models %s', async (_, tiny) => {
    const model = await open(tiny);
    expect(model.batching).toEqual({ equalLengths: null, alone: null });
    expect(await changeByPadding(model)).toBeLessThan(1e-6);
  });

  it('stand alone where the graph holds one text only', async () => {
    const model = await open({ tracedRows: true });
    expect(model.batching.alone).toBe('it cannot be run on two texts at once');
    expect(model.maximumRows).toBe(1);
  });
});

describe('fixed shapes', () => {
  it('of one row: each window is run on its own', async () => {
    const model = await open({ rows: 1 });
    expect(model.maximumRows).toBe(1);
    expect(model.batching.alone).toBe('its inputs are fixed to one text');
  });

  it.each<[string, TinyModel]>([
    ['length', { length: 12 }],
    ['length and rows', { length: 12, rows: 1 }],
    ['length and several rows', { length: 12, rows: 4 }],
    ['several rows', { rows: 4 }],
  ])('of %s give the values that free shapes give', async (_, tiny) => {
    const free = await open({});
    const text = batchOf([4, 9, 2, 7, 5]);
    const expected = await valuesOf(free, text);
    const model = await open(tiny);
    if (tiny.length !== undefined) expect(model.maximumLength).toBe(12);
    expect(model.maximumRows).toBeLessThanOrEqual(Number(tiny.rows ?? Infinity));
    for (let again = 0; again < 2; again++) {
      const values = await valuesOf(model, text);
      expect(values).toHaveLength(expected.length);
      values.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 5));
    }
  });

  it('of a length are refused where padding would change the values', async () => {
    await expect(open({ length: 12, mask: 'none' })).rejects.toThrow(
      /takes exactly 12 tokens at a time .* no mask of the padding\. Export it with dynamic axes/,
    );
  });

  it('that differ from input to input are refused', async () => {
    const model = await open({ length: 12 });
    await expect(model.run(batchOf([...Array(13).keys()]))).rejects.toThrow(/fixed to 1 × 12 tokens/);
  });
});

describe('the limits of a model', () => {
  it.each<[string, TinyModel, number]>([
    ['a table by position', { positions: 'counted', positionRows: 10 }, 10],
    ['a table whose first rows stand for padding', { positions: 'counted behind two', positionRows: 10 }, 8],
    ['a table of which the first rows are taken', { positions: 'sliced', positionRows: 10 }, 10],
    [
      'a table that is shorter than the configuration says',
      { positions: 'counted', positionRows: 10, config: { max_position_embeddings: 64 } },
      10,
    ],
    [
      'a configuration that says less',
      { positions: 'counted', positionRows: 100, config: { max_position_embeddings: 64 } },
      64,
    ],
    ['nothing', {}, 2048],
  ])('come from %s', async (_, tiny, length) => {
    const model = await open({ config: null, ...tiny });
    expect(model.maximumLength).toBe(length);
    if (length > 100) return;
    await expect(model.run(batchOf(Array<number>(length).fill(3)))).resolves.toBeDefined();
  });

  it('end where the graph cannot be run on a longer text, in a sentence', async () => {
    const model = await open({ config: null, positions: 'counted', positionRows: 10 });
    await expect(model.run(batchOf(Array<number>(11).fill(3)))).rejects.toThrow(
      /onnxruntime cannot run .*model.onnx on 1 × 11 tokens: .*(out of data bounds|broadcast)/,
    );
  });

  it('know the rows of the token embedding, whatever the configuration says', async () => {
    expect((await open({ vocabulary: 23, config: { vocab_size: 99 } })).vocabularySize).toBe(23);
  });
});
