import { readFileSync } from 'node:fs';

import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';

const model = new URL('../../media/embedded-model/', import.meta.url);
const oracleFile = new URL('../fixtures/embedded-model/oracle.json', import.meta.url);

/** What PyTorch says of one text; made by tools/train/oracle.py. Arrays are little-endian float32 in base64. */
interface OracleText {
  ids: number[];
  positions: number[];
  /** [positions, vocabulary] */
  logits: string;
}

const oracle = JSON.parse(readFileSync(oracleFile, 'utf8')) as { texts: Record<string, OracleText> };

function floats(base64: string): Float32Array {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer);
}

/** NaN, which no bound admits, when a value is missing or not a number. */
function largestDifference(found: Float32Array, expected: Float32Array): number {
  return Math.max(...expected.map((value, index) => Math.abs(value - (found[index] ?? NaN))));
}

describe('the embedded model', () => {
  let session: InferenceSession;

  beforeAll(async () => {
    session = await InferenceSession.create(new URL('onnx/model.onnx', model).pathname);
  });

  it.each(Object.entries(oracle.texts))('gives the logits that PyTorch gives on %s', async (_, text) => {
    const shape = [1, text.ids.length];
    const integers = (values: number[]) => new Tensor('int64', BigInt64Array.from(values, BigInt), shape);
    const { logits } = await session.run({
      input_ids: integers(text.ids),
      attention_mask: integers(text.ids.map(() => 1)),
      position_ids: integers(text.ids.map((_id, position) => position)),
    });
    const values = (logits as Tensor).data as Float32Array;
    const vocabulary = values.length / text.ids.length;
    const expected = floats(text.logits);
    expect(expected.length).toBe(text.positions.length * vocabulary);
    text.positions.forEach((position, row) => {
      const found = values.subarray(position * vocabulary, (position + 1) * vocabulary);
      expect(
        largestDifference(found, expected.subarray(row * vocabulary, (row + 1) * vocabulary)),
      ).toBeLessThan(1e-4);
    });
  });

  it('takes at most 12 MB and neither truncates nor pads', () => {
    const names = [
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'generation_config.json',
      'onnx/model.onnx',
    ];
    const bytes = names.reduce((sum, name) => sum + readFileSync(new URL(name, model)).length, 0);
    expect(bytes).toBeLessThan(12_000_000);
    const tokenizer = JSON.parse(readFileSync(new URL('tokenizer.json', model), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(tokenizer).toMatchObject({ truncation: null, padding: null });
  });
});
