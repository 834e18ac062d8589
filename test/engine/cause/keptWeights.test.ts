import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Manifest } from '../../../src/core/profile/manifest';
import { WEIGHT_KEYS } from '../../../src/core/stats/weightFigures';
import { toward } from '../../../src/engine/weights';
import { keepFolderWeights } from '../../../src/runtime/cause/keptWeights';
import { listedWeights } from '../../../src/runtime/cause/listedWeights';
import { openProfileFolder } from '../../../src/runtime/profiles/openProfileFolder';
import { profileCorpus } from '../../../src/runtime/profiling/profileCorpus';

const model = path.join(import.meta.dirname, '../../fixtures/onnx/gpt2-optimum-past');
const { signal } = new AbortController();
const ALL = { offset: 0, limit: Infinity } as const;
let root: string;
let folder: string;
let manifest: Manifest;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'weights-'));
  const input = path.join(root, 'a.txt');
  folder = path.join(root, 'profile');
  await writeFile(
    input,
    'the quick brown fox jumps over the lazy dog and runs away from all of it, as foxes do',
  );
  manifest = await profileCorpus(
    {
      ...{ inputs: [input], root, out: folder, include: [], exclude: [], quantity: ['act', 'pre'] },
      ...{ model, embeddedModel: '', tested: false, tool: 'test', layers: [1, 1] },
      ...{ seed: 1, keepText: true, resume: false, overwrite: false, keepSpecial: false, keepSinks: false },
    },
    { notice: () => undefined, progress: () => undefined, saved: () => undefined },
    signal,
  );
});
afterAll(() => rm(root, { recursive: true }));

it('keeps the figures of the weights that the command line shows, and lists are then ranked by them', async () => {
  const question = { folder, model, dtype: undefined, embeddedModel: '' };
  await keepFolderWeights(question, signal);
  const { weights } = await listedWeights({ ...question, manifest, promotes: null, weights: true, signal });
  const profile = await openProfileFolder(folder);
  try {
    for (const sort of WEIGHT_KEYS) {
      const rows = await profile.neurons({ sort, ...ALL });
      expect(rows.every(({ id }) => id.startsWith('L1.'))).toBe(true);
      for (const { id, weights: kept } of rows) expect(kept).toEqual(weights!.get(id));
      const alive = rows.filter(({ dead }) => !dead).map(({ weights: kept }) => kept![sort]!);
      expect(alive).toEqual([...alive].sort((a, b) => b - a));
    }
  } finally {
    await profile.close();
  }
});

it('lists the neurons of the profile that write toward a token, those of `neurons --promotes`', async () => {
  const asked = await toward({ profile: folder, model, token: '#7', limit: 5 }, '', signal);
  const { toward: all } = await listedWeights({
    ...{
      folder,
      manifest,
      model,
      dtype: undefined,
      embeddedModel: '',
      promotes: '#7',
      weights: false,
      signal,
    },
  });
  const expected = [...all!.effects]
    .filter(([id]) => id.startsWith('L1.'))
    .sort(([, one], [, other]) => other - one)
    .slice(0, 5);
  expect(asked.neurons.map(({ id, effect }) => [id, effect])).toEqual(expected);
  expect([asked.id, asked.token]).toEqual([7, all!.token]);
  await expect(toward({ profile: folder, model, token: '#999999', limit: 5 }, '', signal)).rejects.toThrow(
    /There is no token #999999/,
  );
});
