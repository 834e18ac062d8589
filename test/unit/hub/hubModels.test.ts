import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cachedModels, removeCachedModel } from '../../../src/runtime/hub/cachedModels';
import { searchModels } from '../../../src/runtime/hub/hubModels';
import { hubSettings } from '../../../src/runtime/hub/hubSettings';
import { temporaryFolder } from '../files/temporaryFolder';
import { StandInHub } from './standInHub';

const folder = temporaryFolder();

function write(path: string, content = 'x'): void {
  const full = join(folder.path, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, content);
}

afterEach(() => vi.unstubAllEnvs());

describe('searchModels', () => {
  it('lists models with ONNX files, with licence and downloads', async () => {
    const hub = new StandInHub('org/x', {});
    hub.search = [
      {
        id: 'org/one',
        downloads: 12,
        likes: 3,
        gated: false,
        tags: ['onnx', 'license:apache-2.0'],
        other: 1,
      },
      { id: 'org/two', gated: 'manual', tags: [] },
    ];
    await hub.start();
    const settings = {
      endpoint: hub.endpoint,
      token: null,
      tokenAdvice: '',
      proxyAdvice: '',
      cacheFolder: '',
      retryDelays: [],
      notice: () => undefined,
      patience: 1000,
    };
    const found = await searchModels(settings, 'tiny & small', new AbortController().signal);
    expect(found).toEqual([
      { id: 'org/one', downloads: 12, likes: 3, licence: 'apache-2.0', isGated: false },
      { id: 'org/two', downloads: 0, likes: 0, licence: null, isGated: true },
    ]);
    const query = new URL(hub.seen[0]!.url, hub.endpoint).searchParams;
    expect([query.get('search'), query.get('filter')]).toEqual(['tiny & small', 'onnx']);
    await hub.stop();
  });
});

describe('hubSettings', () => {
  beforeEach(() => {
    for (const name of ['HF_ENDPOINT', 'HF_TOKEN', 'HF_TOKEN_PATH', 'HF_HUB_CACHE']) vi.stubEnv(name, '');
    vi.stubEnv('HF_HOME', join(folder.path, 'home'));
  });

  it('follows the environment that Python follows', async () => {
    expect(await hubSettings()).toMatchObject({
      endpoint: 'https://huggingface.co',
      token: null,
      cacheFolder: join(folder.path, 'home/hub'),
    });
    write('home/token', 'hf_saved\n');
    expect((await hubSettings()).token).toBe('hf_saved');
    vi.stubEnv('HF_TOKEN', 'hf_environment');
    vi.stubEnv('HF_ENDPOINT', 'https://mirror.example/');
    vi.stubEnv('HF_HUB_CACHE', '/elsewhere');
    expect(await hubSettings()).toMatchObject({
      endpoint: 'https://mirror.example',
      token: 'hf_environment',
      cacheFolder: '/elsewhere',
    });
  });

  it('refuses what is no address and no token, without showing the token', async () => {
    vi.stubEnv('HF_TOKEN', 'hf_one hf_two');
    const refused = await hubSettings().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'usage' });
    expect(String(refused)).not.toContain('hf_one');
    vi.stubEnv('HF_TOKEN', '');
    vi.stubEnv('HF_ENDPOINT', 'mirror.example');
    await expect(hubSettings()).rejects.toThrow('HF_ENDPOINT is “mirror.example”');
  });
});

describe('the models of the cache', () => {
  beforeEach(() => {
    write('models--org--lens/snapshots/c1/onnx/model.onnx', 'old');
    write('models--org--lens/snapshots/c1/onnx/model_q4.onnx', '1234');
    write('models--org--torch/snapshots/c1/model.safetensors');
    write('models--org--both/snapshots/c1/model.safetensors');
    write('models--org--both/snapshots/c1/onnx/model.onnx');
    write('datasets--org--text/snapshots/c1/model.onnx');
  });

  it('are those with ONNX files, with what they take', async () => {
    expect(await cachedModels(folder.path)).toEqual([
      {
        id: 'org/both',
        folder: join(folder.path, 'models--org--both/snapshots/c1'),
        dtypes: ['fp32'],
        bytes: 2,
        isShared: true,
      },
      {
        id: 'org/lens',
        folder: join(folder.path, 'models--org--lens/snapshots/c1'),
        dtypes: ['fp32', 'q4'],
        bytes: 7,
        isShared: false,
      },
    ]);
    expect(await cachedModels(join(folder.path, 'none'))).toEqual([]);
  });

  it('are removed, unless other programs use their weights', async () => {
    expect((await removeCachedModel(folder.path, 'org/lens')).bytes).toBe(7);
    await expect(removeCachedModel(folder.path, 'org/lens')).rejects.toMatchObject({ code: 'not-found' });
    await expect(removeCachedModel(folder.path, '../x')).rejects.toMatchObject({ code: 'not-found' });
    await expect(removeCachedModel(folder.path, 'org/both')).rejects.toThrow('--force');
    await removeCachedModel(folder.path, 'org/both', { force: true });
    expect(await cachedModels(folder.path)).toEqual([]);
  });
});
