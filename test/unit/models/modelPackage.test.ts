import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statedLength } from '../../../src/runtime/models/modelConfig';
import { resolveModelPackage, type ModelPackage } from '../../../src/runtime/models/modelPackage';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neuron-lens-models-'));
});

afterEach(async () => {
  delete process.env['HF_HUB_CACHE'];
  await rm(folder, { recursive: true });
});

async function lay(...files: string[]): Promise<void> {
  for (const file of files) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), file.endsWith('.json') ? '{"n_positions": 64}' : 'weights');
  }
}

function resolve(spec: string, dtype?: string): Promise<ModelPackage> {
  return resolveModelPackage(spec, { embeddedModel: folder, ...(dtype !== undefined && { dtype }) });
}

function files(found: ModelPackage): Record<string, string> {
  return Object.fromEntries([...found.parts].map(([part, file]) => [part, path.basename(file.path)]));
}

describe('resolveModelPackage', () => {
  it('takes full precision unless another is asked for, and names what there is', async () => {
    await lay(
      'config.json',
      'tokenizer.json',
      'onnx/model.onnx',
      'onnx/model_quantized.onnx',
      'onnx/model_q4f16.onnx',
    );
    expect(files(await resolve(folder))).toEqual({ model: 'model.onnx' });
    expect(files(await resolve('default', 'q8'))).toEqual({ model: 'model_quantized.onnx' });
    await expect(resolve(folder, 'bnb4')).rejects.toThrow(/has no bnb4 file. It offers: fp32, q4f16, q8/);
  });

  it('finds both stacks, the decoder without a cache first', async () => {
    await lay('onnx/encoder_model.onnx', 'onnx/decoder_model.onnx', 'onnx/decoder_model_merged.onnx');
    expect(files(await resolve(folder))).toEqual({
      encoder: 'encoder_model.onnx',
      decoder: 'decoder_model.onnx',
    });
  });

  it('takes a single file with what lies beside it or one folder up', async () => {
    await lay('config.json', 'tokenizer.json', 'onnx/anything.onnx');
    const found = await resolve(path.join(folder, 'onnx/anything.onnx'));
    expect(files(found)).toEqual({ model: 'anything.onnx' });
    expect(found.tokenizerPath).toBe(path.join(folder, 'tokenizer.json'));
    expect(statedLength(found.config)).toBe(64);
  });

  it('gives a decoder that is named alone its encoder', async () => {
    await lay('encoder_model.onnx', 'decoder_model_merged.onnx');
    expect(files(await resolve(path.join(folder, 'decoder_model_merged.onnx')))).toEqual({
      encoder: 'encoder_model.onnx',
      decoder: 'decoder_model_merged.onnx',
    });
  });

  it('finds a Hub id in the cache that Python shares', async () => {
    const repository = 'models--org--name';
    await lay(`${repository}/blobs/hash`, `${repository}/snapshots/c0ffee/config.json`);
    await mkdir(path.join(folder, repository, 'snapshots/c0ffee/onnx'));
    await symlink('../../../blobs/hash', path.join(folder, repository, 'snapshots/c0ffee/onnx/model.onnx'));
    await mkdir(path.join(folder, repository, 'refs'));
    await writeFile(path.join(folder, repository, 'refs/main'), 'c0ffee');
    process.env['HF_HUB_CACHE'] = folder;
    expect((await resolve('org/name')).folder).toBe(path.join(folder, repository, 'snapshots/c0ffee'));
    await expect(resolve('org/name@v2')).rejects.toThrow(
      /neither a folder here nor in the Hugging Face cache/,
    );
  });

  it('says what to do where there is no model', async () => {
    await lay('config.json');
    await expect(resolve(folder)).rejects.toThrow(/holds no .onnx file. Export the model first/);
    await expect(resolve('nowhere')).rejects.toThrow(/There is no model at nowhere/);
  });

  it.each([
    ['Infinity', '{"n_positions": Infinity, "time_step_limit": [0.0, Infinity]}', null],
    ['no number', '{"n_positions": NaN}', null],
    ['a fraction', '{"n_positions": 0.5}', null],
    ['a negative number', '{"n_positions": -5}', null],
  ])('takes %s for a length that the configuration does not state', async (_, config, length) => {
    await lay('onnx/model.onnx');
    await writeFile(path.join(folder, 'config.json'), config);
    expect(statedLength((await resolve(folder)).config)).toBe(length);
  });

  it.runIf(process.platform !== 'win32')('refuses a configuration that is no file', async () => {
    await lay('onnx/model.onnx');
    execFileSync('mkfifo', [path.join(folder, 'config.json')]);
    await expect(resolve(folder)).rejects.toThrow(/config.json cannot be read: it is a pipe/);
    await rm(path.join(folder, 'config.json'));
    await symlink('/dev/zero', path.join(folder, 'config.json'));
    await expect(resolve(folder)).rejects.toThrow(/config.json cannot be read: it is a pipe/);
  });

  it('passes over weights that are links to nowhere until they are opened', async () => {
    await lay('onnx/model.onnx');
    await symlink('nowhere', path.join(folder, 'onnx/model.onnx_data'));
    expect(files(await resolve(folder))).toEqual({ model: 'model.onnx' });
  });
});

describe('statedLength', () => {
  it('takes off the positions that RoBERTa never uses', () => {
    expect(statedLength({ model_type: 'roberta', max_position_embeddings: 514, pad_token_id: 1 })).toBe(512);
    expect(statedLength({ model_type: 'bert', max_position_embeddings: 512, pad_token_id: 0 })).toBe(512);
    expect(statedLength({ model_type: 't5' })).toBeNull();
  });
});
