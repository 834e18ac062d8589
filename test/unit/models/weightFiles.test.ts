import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OnnxModel, OnnxTensor } from '../../../src/core/onnx/protobuf/model';
import { findWeightFiles, type WeightFiles } from '../../../src/runtime/models/weightFiles';

let root = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'neuron-lens-weights-')));
  await mkdir(path.join(root, 'model'));
  await writeFile(path.join(root, 'model/model.onnx'), 'graph');
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

/** A model whose weights lie in files of these names. */
function modelWith(...locations: string[]): OnnxModel {
  const tensors = locations.map((location, at): [string, OnnxTensor] => [
    `w${at}`,
    {
      name: `w${at}`,
      dims: [1],
      type: 1,
      bytes: new Uint8Array(),
      external: { location, offset: 0, length: null },
    },
  ]);
  const graph = { nodes: [], initializers: new Map(tensors), inputs: [], outputs: [], values: [] };
  return { graph, functions: [], opsets: new Map(), header: [] };
}

function find(...locations: string[]): Promise<WeightFiles> {
  return findWeightFiles(path.join(root, 'model/model.onnx'), modelWith(...locations));
}

async function lay(file: string): Promise<string> {
  const whole = path.join(root, file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, 'weights');
  return whole;
}

describe('findWeightFiles', () => {
  it('takes files as they are where they lie in the folder, whatever their names begin with', async () => {
    await Promise.all(['model/w.data', 'model/..weights.bin', 'model/...', 'model/sub/deep.bin'].map(lay));
    expect(await find('w.data', '..weights.bin', '...', 'sub/deep.bin')).toMatchObject({
      folder: path.join(root, 'model'),
      renamed: new Map(),
    });
  });

  it.each([
    ['into one store', ['store/0a1b', 'store/2c3d']],
    ['into folders of a store', ['store/0a/1b', 'store/2c/3d']],
    ['one into a store, one not', ['store/0a1b', 'model/own']],
    ['within the folder', ['model/store/0a1b', 'model/store/2c3d']],
  ])('follows links %s', async (_, targets) => {
    const links = ['a.data', 'b.data'];
    for (const [at, target] of targets.entries()) {
      await symlink(await lay(target), path.join(root, 'model', links[at]!));
    }
    const { folder, renamed, paths } = await find(...links);
    const named = links.map((name) => path.join(folder, renamed.get(name) ?? name));
    expect(named).toEqual(targets.map((target) => path.join(root, target)));
    expect([...paths.values()]).toEqual(named);
    expect(named.every((file) => !path.relative(folder, file).startsWith('..'))).toBe(true);
  });

  it('finds weights beside the file that the model itself is a link to', async () => {
    await lay('store/model.onnx');
    const weights = await lay('store/w.data');
    await rm(path.join(root, 'model/model.onnx'));
    await symlink(path.join(root, 'store/model.onnx'), path.join(root, 'model/model.onnx'));
    const { folder, renamed } = await find('w.data');
    expect(path.join(folder, renamed.get('w.data') ?? 'w.data')).toBe(weights);
  });

  it.each(['../w.data', '/etc/hosts', '', '.', 'sub/../../w.data'])('refuses "%s"', async (name) => {
    await lay('w.data');
    await expect(find(name)).rejects.toMatchObject({
      code: 'invalid-model',
      message: expect.stringContaining('outside its own folder') as string,
    });
  });

  it.runIf(process.platform !== 'win32')('says what is there instead of weights', async () => {
    const place = (name: string): string => path.join(root, 'model', name);
    await mkdir(place('folder'));
    await symlink(place('circle'), place('circle'));
    await symlink('/dev/zero', place('device'));
    execFileSync('mkfifo', [place('pipe')]);
    await expect(find('none')).rejects.toMatchObject({ code: 'not-found' });
    await expect(find('folder')).rejects.toThrow(/it is a folder\. .*needs it for its weights/);
    await expect(find('circle')).rejects.toThrow(/its links lead in a circle/);
    await expect(find('device')).rejects.toThrow(/a pipe, a socket or a device/);
    await expect(find('pipe')).rejects.toThrow(/a pipe, a socket or a device/);
  });
});
