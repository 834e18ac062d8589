import { fileURLToPath } from 'node:url';
import { tableFromIPC } from 'apache-arrow';
import { expect, it, vi } from 'vitest';
import { openProfile } from '../../../src/core/profile/openProfile';
import { FolderStore } from '../../../src/runtime/files/folderStore';
import { encodeBatch } from '../../../src/core/profile/table/encodeTable';
import { zlib } from '../pipeline/fakes';
import { MemoryFileStore } from './memoryFileStore';

vi.mock(import('../../../src/core/stats/statistics'), async (original) => {
  const module = await original();
  const topShare = { ...module.STATISTICS.topShare, isNew: true as const };
  return { ...module, STATISTICS: { ...module.STATISTICS, topShare } };
});

const FOLDER = fileURLToPath(new URL('../../fixtures/profile-v1/profile', import.meta.url));
const ADDRESS = { part: 'model', layer: 0, block: null, expert: null, neuron: 10 } as const;

/** A profile of the first format, whose metrics are without a column. */
async function without(column: string): Promise<MemoryFileStore> {
  const old = new FolderStore(FOLDER);
  const names = await old.list('');
  const files = await Promise.all(names.map(async (name) => [name, await old.readAll(name)] as const));
  await old.close();
  const store = new MemoryFileStore(files);
  const table = tableFromIPC(store.files.get('metrics.arrow'));
  const kept = table.select(table.schema.names.filter((name) => name !== column));
  const pieces = await encodeBatch(kept.batches[0]!);
  await store.write('metrics.arrow', pieces);
  return store;
}

it('has no value in lists of profiles that were written before it, which are read all the same', async () => {
  const profile = await openProfile({ store: await without('topShare'), compression: zlib });
  const known = await openProfile({ store: new FolderStore(FOLDER), compression: zlib });
  const query = { sort: 'max', offset: 0, limit: 40 } as const;
  const expected = (await known.neurons(query)).map((row) => ({ ...row, topShare: null }));
  expect(await profile.neurons(query)).toEqual(expected);
  const ranked = await profile.neurons({ ...query, sort: 'topShare' });
  expect(ranked.map(({ topShare }) => topShare)).toEqual(Array(40).fill(null));
  expect((await profile.page(ADDRESS)).stats.topShare).toBeGreaterThan(0);
});

it('is a damage where it was there from the beginning', async () => {
  const opened = openProfile({ store: await without('median'), compression: zlib });
  await expect(
    opened.then((profile) => profile.neurons({ sort: 'max', offset: 0, limit: 1 })),
  ).rejects.toMatchObject({
    code: 'invalid-profile',
    message: expect.stringContaining('its column median is missing') as string,
  });
});
