import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SelfTest } from '../../src/core/common/selfTest';
import { temporaryFolder } from '../unit/files/temporaryFolder';
import { COMMIT, StandInHub } from '../unit/hub/standInHub';
import { lensJson, runLens } from './runLens';
import type { CommandResult } from './runLens';

const home = temporaryFolder();
const network = new Uint8Array(50_000).fill(7);
const hub = new StandInHub('org/tiny', {
  'config.json': Buffer.from('{}'),
  'onnx/model.onnx': network,
  'onnx/model_q4.onnx': network.subarray(0, 2000),
});
hub.search = [{ id: 'org/tiny', downloads: 1200, tags: ['license:mit'] }];
beforeAll(() => hub.start());
afterAll(() => hub.stop());

const environment = (): Record<string, string> => ({
  HF_ENDPOINT: hub.endpoint,
  HF_HOME: home.path,
  HF_HUB_CACHE: '',
  HF_TOKEN: '',
});
const models = (...args: string[]): Promise<CommandResult> =>
  runLens(['models', ...args], { env: environment() });
const modelsJson = <Result>(...args: string[]): Promise<Result> =>
  lensJson<Result>(['models', ...args], { env: environment() });

describe('neuron-lens models', () => {
  it('downloads a model, lists it and removes it again', async () => {
    const downloaded = await modelsJson<{ dtype: string; folder: string; bytes: number }>(
      'download',
      'org/tiny',
    );
    expect(downloaded).toMatchObject({ id: 'org/tiny', commit: COMMIT, dtype: 'fp32', bytes: 50_002 });
    expect(readFileSync(join(downloaded.folder, 'onnx/model.onnx')).equals(network)).toBe(true);
    await models('download', 'org/tiny@main', '--dtype', 'q4');

    const listed = await modelsJson<{ cache: string; models: unknown[] }>('list');
    expect(listed.models).toEqual([
      {
        id: 'org/tiny',
        folder: downloaded.folder,
        dtypes: ['fp32', 'q4'],
        bytes: expect.any(Number) as number,
        isShared: false,
      },
    ]);
    expect((await models('list')).stdout).toMatch(/org\/tiny +52\.0 kB +fp32, q4/);

    expect((await models('remove', 'org/tiny')).status).toBe(0);
    expect((await modelsJson<{ models: unknown[] }>('list')).models).toEqual([]);
  });

  it('finds models, and says in which dtypes they come', async () => {
    expect((await models('search', 'ti', 'ny')).stdout).toMatch(/org\/tiny +1,200 +mit/);
    expect(hub.seen.at(-1)!.url).toContain('search=ti+ny');
    const { stdout } = await models('show', 'org/tiny');
    expect(stdout).toMatch(/licence mit/);
    expect(stdout).toMatch(/fp32 +50\.0 kB\nq4 +2\.00 kB/);
  });

  it('checks a model against its own matrices, and says so where that cannot be done', async () => {
    const { files } = await modelsJson<{ files: { part: string; selfTest: SelfTest }[] }>('check', 'default');
    expect(files.map(({ part, selfTest }) => [part, selfTest.passed])).toEqual([['model', true]]);
    const fixtures = join(import.meta.dirname, '../fixtures/onnx');
    const rounded = await models('check', join(fixtures, 'bert-q8'));
    expect(rounded.status).toBe(0);
    expect(rounded.stdout).toMatch(/^Not self-tested .*\n\n.*\nL0 .* not checked: its weights are rounded\n/);
    const without = await models('check', join(fixtures, 'neg-resnet-optimum'));
    expect(without).toMatchObject({ status: 1, stdout: '' });
    expect(without.stderr).toMatch(/has no FFN neurons/);
  });

  it('fails with one sentence that says what to do', async () => {
    const missing = await models('download', 'org/none');
    expect(missing).toMatchObject({ status: 1, stdout: '' });
    expect(missing.stderr).toMatch(
      /^There is no model org\/none at .* HF_TOKEN to a token of yours\. Check its name\.\n$/,
    );
    expect((await models('remove', 'org/none')).status).toBe(1);
    expect((await models('download', 'no such name')).status).toBe(2);
    expect((await models('unknown')).status).toBe(2);
  });
});
