import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import { firstPosition, layerCount, statedLength } from '../../../src/runtime/models/modelConfig';
import { resolveModelPackage } from '../../../src/runtime/models/modelPackage';
import { blankInput, emptyCache } from '../../../src/runtime/onnxruntime/emptyInputs';

const RUNS = Number(process.env['NEURON_LENS_FUZZ_RUNS'] ?? 300);
const BATCH = { rows: 1, width: 4, ids: new Uint32Array(4), lengths: Uint32Array.of(4) };
const NAMES = [
  ...['model_type', 'architectures', 'hidden_size', 'num_attention_heads', 'num_key_value_heads', 'head_dim'],
  ...[
    'n_positions',
    'max_position_embeddings',
    'pad_token_id',
    'num_hidden_layers',
    'vocab_size',
    'image_size',
  ],
  ...[
    'text_config',
    'vision_config',
    'decoder',
    'encoder',
    'num_mel_bins',
    'max_source_positions',
    '__proto__',
  ],
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neuron-lens-configs-'));
  await writeFile(path.join(folder, 'model.onnx'), 'graph');
});
afterAll(() => rm(folder, { recursive: true }));

/** Anything that Python may write for a field, and what it should not. */
const value = fc.oneof(
  fc.constantFrom(
    'NaN',
    'Infinity',
    '-Infinity',
    '1e400',
    '-1',
    '0',
    '1e15',
    '0.5',
    '9007199254740993',
    'null',
  ),
  fc.constantFrom(
    '"roberta"',
    '"gpt2"',
    '[]',
    '{}',
    '[["CausalLM"]]',
    '{"hidden_size": 1e12, "n_positions": -3}',
  ),
  fc.json({ maxDepth: 2 }),
);
const config = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 12 })
  .map((fields) => `{${fields.map(([name, text]) => `"${name}": ${text}`).join(', ')}}`);
const text = fc.oneof(
  config,
  fc.tuple(config, fc.nat(), fc.string({ unit: 'binary', maxLength: 3 })).map(([whole, at, piece]) => {
    const cut = at % (whole.length + 1);
    return whole.slice(0, cut) + piece + whole.slice(cut + piece.length);
  }),
  fc.string({ unit: 'binary' }),
);

describe('a hostile config.json', () => {
  it('ends in a package with sizes that can be used, or in one sentence', async () => {
    const counts = { opened: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(text, async (json) => {
        await writeFile(path.join(folder, 'config.json'), json);
        try {
          const { config: read } = await resolveModelPackage(folder, { embeddedModel: '' });
          const length = statedLength(read);
          if (length !== null) expect(length).toBeGreaterThanOrEqual(1);
          for (const size of [layerCount(read, 'encoder'), layerCount(read, 'model'), firstPosition(read)]) {
            expect(size === null || (Number.isSafeInteger(size) && size >= 0)).toBe(true);
          }
          const open = ['batch', 'heads', 'past', 'size'];
          emptyCache({ name: 'past', isTensor: true, type: 'float32', shape: open }, BATCH, read);
          blankInput({ name: 'pixel_values', isTensor: true, type: 'float32', shape: open }, BATCH, read);
          counts.opened += 1;
        } catch (thrown) {
          if (!(thrown instanceof LensError) || thrown.code === 'internal') throw thrown;
          counts.refused += 1;
        }
      }),
      { numRuns: RUNS },
    );
    expect(counts.opened).toBeGreaterThan(0);
    expect(counts.refused).toBeGreaterThan(0);
  }, 600_000);
});
