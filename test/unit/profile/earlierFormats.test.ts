import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { writeAnnex } from '../../../src/core/profile/annexes';
import { mergeProfiles } from '../../../src/core/profile/mergeProfiles';
import { openProfile } from '../../../src/core/profile/openProfile';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import type { Example } from '../../../src/core/profile/neuronPage';
import { contentHash } from '../../../src/runtime/files/hashFile';
import { FolderStore } from '../../../src/runtime/files/folderStore';
import { madeTexts, requestFor, SILENT, zlib } from '../pipeline/fakes';
import { MemoryFileStore } from './memoryFileStore';

const fixtureOf = (version: number) => new URL(`../../fixtures/profile-v${version}/`, import.meta.url);
const ADDRESS = { part: 'model', layer: 0, block: null, expert: null, neuron: 10 } as const;

interface Said {
  readonly page: {
    readonly stats: { readonly medianError: number };
    readonly words: readonly string[];
    readonly bands: readonly unknown[];
    readonly top: readonly object[];
    readonly bottom: readonly object[];
    readonly random: readonly object[];
  };
  readonly neurons: readonly unknown[];
}

const opened: FolderStore[] = [];
afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));

/** A profile of a version, and what that version said of it. */
async function written(version: number): Promise<{ store: FolderStore; said: Said }> {
  const said = JSON.parse(await readFile(new URL('expected.json', fixtureOf(version)), 'utf8')) as Said;
  const store = new FolderStore(fileURLToPath(new URL('profile', fixtureOf(version))));
  opened.push(store);
  return { store, said };
}

const places = (examples: readonly Example[]) =>
  examples.map(({ value, percentile, file, record, line, column, token }) => ({
    value,
    percentile,
    file,
    record,
    line,
    column,
    token,
  }));

describe.each([1, 2])('a profile of format %i', (version) => {
  it('says of a neuron what it said when it was written', async () => {
    const { store, said } = await written(version);
    const { stats, reading, examples } = await (
      await openProfile({ store, compression: zlib })
    ).page(ADDRESS);
    expect(stats).toEqual(said.page.stats);
    // The word for a density that says nothing has gone since.
    expect(reading.words).toEqual(said.page.words.filter((word) => word !== 'Moderate'));
    for (const end of ['top', 'bottom', 'random'] as const)
      expect(places(examples[end])).toEqual(said.page[end]);
    expect(examples.bands.map(({ examples: _, ...band }) => band)).toEqual(said.page.bands);
  });

  it('lists its neurons as it did', async () => {
    const { store, said } = await written(version);
    const profile = await openProfile({ store, compression: zlib });
    const rows = await profile.neurons({ sort: 'topShare', offset: 0, limit: 40 });
    expect(rows).toEqual(said.neurons);
  });

  it('is neither merged nor gone on with, and says why', async () => {
    const { store } = await written(version);
    const request = { store: new MemoryFileStore(), tool: 'test', createHash: contentHash, clock: () => 0 };
    const sources = [{ name: 'old', store }];
    await expect(mergeProfiles({ ...request, sources })).rejects.toMatchObject({
      code: 'profiles-differ',
      message: expect.stringContaining(`format ${version}`) as string,
    });
    const files = await Promise.all(
      (await store.list('')).map(async (name) => [name, await store.readAll(name)] as const),
    );
    const annex = writeAnnex(new MemoryFileStore(files), contentHash, 'concepts', []);
    await expect(annex).rejects.toMatchObject({
      code: 'profiles-differ',
      message: expect.stringMatching(
        new RegExp(`^concepts cannot be added to the profile: it has format ${version},`),
      ) as string,
    });
    const run = requestFor(madeTexts(2, 40), { store: new MemoryFileStore(files) });
    await expect(runProfile(run, SILENT, new AbortController().signal)).rejects.toMatchObject({
      code: 'profiles-differ',
      message: expect.stringContaining(`format ${version}`) as string,
    });
  });
});
