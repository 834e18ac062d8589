import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveModelPackage } from '../../src/runtime/models/modelPackage';
import { InferenceSession, Tensor } from '../../src/runtime/onnxruntime/library';
import type { OnnxActivationModel } from '../../src/runtime/onnxruntime/onnxActivationModel';
import { openActivationModel } from '../../src/runtime/onnxruntime/openActivationModel';
import { openTokenizer } from '../../src/runtime/tokenizers/openTokenizer';

const folder = new URL('../../media/embedded-model/', import.meta.url);
const inFolder = (name: string): string => fileURLToPath(new URL(name, folder));

/** What PyTorch says of a text; made by tools/train/oracle.py. Arrays are little-endian float32 in base64. */
interface OracleText {
  readonly text: string;
  readonly ids: readonly number[];
  readonly positions: readonly number[];
  /** [positions, vocabulary] */
  readonly logits: string;
  /** [layers, tokens, neurons] */
  readonly activations: string;
}

interface Oracle {
  readonly neurons: readonly number[];
  readonly texts: Readonly<Record<string, OracleText>>;
}

const oracle = JSON.parse(
  readFileSync(new URL('../fixtures/embedded-model/oracle.json', import.meta.url), 'utf8'),
) as Oracle;
const texts = Object.entries(oracle.texts);

function floats(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

/** NaN, which no bound admits, when a value is missing or not a number. */
function largestDifference(found: ArrayLike<number>, expected: Float32Array): number {
  if (found.length !== expected.length) return NaN;
  return Math.max(...expected.map((value, index) => Math.abs(value - (found[index] ?? NaN))));
}

describe('the embedded model', () => {
  let session: InferenceSession;
  let model: OnnxActivationModel;

  beforeAll(async () => {
    session = await InferenceSession.create(inFolder('onnx/model.onnx'));
    model = await openActivationModel(
      await resolveModelPackage('default', { embeddedModel: fileURLToPath(folder) }),
    );
  });

  afterAll(async () => {
    await session.release();
    await model.dispose();
  });

  it.each(texts)('gives the logits that PyTorch gives on %s', async (_, { ids, positions, logits }) => {
    const integers = (values: readonly number[]): Tensor =>
      new Tensor('int64', BigInt64Array.from(values, BigInt), [1, ids.length]);
    const results = await session.run({
      input_ids: integers(ids),
      attention_mask: integers(ids.map(() => 1)),
      position_ids: integers(ids.map((_id, position) => position)),
    });
    const values = results['logits']!.data as Float32Array;
    const vocabulary = values.length / ids.length;
    const found = positions.flatMap((position) => [
      ...values.subarray(position * vocabulary, (position + 1) * vocabulary),
    ]);
    expect(largestDifference(found, floats(logits))).toBeLessThan(1e-4);
  });

  it.each(texts)('gives the FFN activations that PyTorch gives on %s', async (_, { ids, activations }) => {
    const layers = await model.run({
      rows: 1,
      width: ids.length,
      ids: Uint32Array.from(ids),
      lengths: Uint32Array.of(ids.length),
    });
    expect(layers.map(({ site }) => [site.layer, site.dFf])).toEqual(
      [0, 1, 2, 3].map((layer) => [layer, 768]),
    );
    const found = layers.flatMap(({ site, values }) =>
      ids.flatMap((_id, token) => oracle.neurons.map((neuron) => values[token * site.dFf + neuron] ?? NaN)),
    );
    expect(largestDifference(found, floats(activations))).toBeLessThan(1e-4);
  });

  it.each(texts)('has a tokenizer that cuts %s as the training did', async (_, { text, ids }) => {
    const tokenizer = await openTokenizer(inFolder('tokenizer.json'));
    expect([...(await tokenizer.tokenize(text)).ids]).toEqual(ids);
  });

  it('takes at most 12 MB and neither truncates nor pads', () => {
    const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'generation_config.json'];
    const sizes = [...names, 'onnx/model.onnx'].map((name) => readFileSync(inFolder(name)).length);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(12_000_000);
    const tokenizer: unknown = JSON.parse(readFileSync(inFolder('tokenizer.json'), 'utf8'));
    expect(tokenizer).toMatchObject({ truncation: null, padding: null });
  });
});
