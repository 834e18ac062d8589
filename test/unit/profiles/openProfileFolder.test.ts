import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { FolderStore } from '../../../src/runtime/files/folderStore';
import { openProfileFolder } from '../../../src/runtime/profiles/openProfileFolder';
import { temporaryFolder } from '../files/temporaryFolder';
import { fakeCorpus, requestFor, SILENT } from '../pipeline/fakes';

const folder = temporaryFolder();

it('finds each file of its corpus wherever that may lie on this machine', async () => {
  const texts = {
    'back.txt': 'one two three',
    'changed.txt': 'four five',
    'gone.txt': 'six',
    'here.txt': 'seven',
  };
  const [moved, profiled, out] = ['moved', 'profiled', 'out'].map((name) => join(folder.path, name));
  for (const path of [moved!, profiled!]) mkdirSync(path);
  writeFileSync(join(moved!, 'here.txt'), texts['here.txt']);
  writeFileSync(join(profiled!, 'back.txt'), texts['back.txt']);
  writeFileSync(join(profiled!, 'changed.txt'), 'four FIVE');
  const store = new FolderStore(out!);
  const request = { ...requestFor(texts), corpus: { ...fakeCorpus(texts), root: profiled! }, store };
  await runProfile(request, SILENT, new AbortController().signal);
  await store.close();
  const profile = await openProfileFolder(out!, (root) => [moved!, root]);
  const { examples } = await profile.page({ part: 'model', layer: 0, block: null, expert: null, neuron: 1 });
  const states = examples.top.map(({ file, stale, missing }) => [
    file,
    missing ? 'missing' : stale ? 'stale' : 'same',
  ]);
  expect(Object.fromEntries(states)).toEqual({
    'back.txt': 'same',
    'changed.txt': 'stale',
    'gone.txt': 'missing',
    'here.txt': 'same',
  });
  await profile.close();
});
