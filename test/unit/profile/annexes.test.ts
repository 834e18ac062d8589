import { expect, it } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import {
  listAnnexes,
  lostAnnexesSentence,
  openAnnex,
  writeAnnex,
  type Annex,
  type AnnexRules,
} from '../../../src/core/profile/annexes';
import { clearProfile } from '../../../src/core/profile/clearProfile';
import { readManifest, writeManifest } from '../../../src/core/profile/manifestFile';
import { mergeProfiles } from '../../../src/core/profile/mergeProfiles';
import { openProfile } from '../../../src/core/profile/openProfile';
import { contentHash } from '../../../src/runtime/files/hashFile';
import { fakeCorpus, madeTexts, requestFor, SILENT, zlib } from '../pipeline/fakes';
import { MemoryFileStore } from './memoryFileStore';

const NEVER = new AbortController().signal;
const TEXTS = madeTexts(6, 40);
const bytes = (text: string): Uint8Array[] => [new TextEncoder().encode(text)];

async function profiled(shard: number): Promise<MemoryFileStore> {
  const request = requestFor(TEXTS, { shard: { index: shard, of: 2 } });
  await runProfile(request, SILENT, NEVER);
  return request.store;
}

const write = (store: MemoryFileStore, text: string, name = 'concepts') =>
  writeAnnex(store, contentHash, name, [['scores.json', bytes(text)]]);

async function content(store: MemoryFileStore, name = 'concepts'): Promise<string | null> {
  const annex = openAnnex(store, await readManifest(store), name);
  return annex && new TextDecoder().decode(await annex.store.readAll(annex.pathOf('scores.json')));
}

it('is listed, read and replaced, and the profile beside it stays what it is', async () => {
  const store = await profiled(1);
  expect(await content(store)).toBeNull();
  await write(store, 'others', 'explanations');
  for (const text of ['first', 'second', 'third']) await write(store, text);
  expect(listAnnexes(await readManifest(store))).toEqual(['concepts', 'explanations']);
  expect(await content(store)).toBe('third');
  expect([...store.files.keys()].filter((name) => name.startsWith('annexes/')).sort()).toEqual([
    'annexes/concepts-0002/scores.json',
    'annexes/explanations-0000/scores.json',
  ]);
  expect(await (await openProfile({ store, compression: zlib })).overview()).toMatchObject({ neurons: 8 });
});

it('has its files in the order of their names, and none whose name is no own one', async () => {
  const store = await profiled(1);
  const files = ['scores.json', 'a.arrow', 'neurons.arrow'];
  const manifest = await writeAnnex(
    store,
    contentHash,
    'concepts',
    files.map((file) => [file, bytes(file)] as const),
  );
  expect(await readManifest(store)).toEqual(manifest);
  expect(openAnnex(store, manifest, 'concepts')?.files).toEqual(['a.arrow', 'neurons.arrow', 'scores.json']);
  for (const name of ['.hidden', 'a/b', ''])
    await expect(writeAnnex(store, contentHash, 'tokens', [[name, bytes('')]])).rejects.toThrow(RangeError);
  expect(await readManifest(store)).toEqual(manifest);
});

it('is not added while a run is writing the profile', async () => {
  const store = await profiled(1);
  const manifest = await readManifest(store);
  await writeManifest(store, { ...manifest, state: 'running' });
  await expect(write(store, 'scores')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('concepts cannot be added') as string,
  });
  await writeManifest(store, { ...manifest, state: 'partial' });
  await write(store, 'scores');
  expect(await content(store)).toBe('scores');
});

it('is whole, the old or the new one, wherever writing it is killed', async () => {
  const store = await profiled(1);
  await write(store, 'old');
  for (let changes = 0; ; changes++) {
    const killed = new MemoryFileStore(store.files);
    killed.changesLeft = changes;
    const isDone = await write(killed, 'new').then(
      () => true,
      () => false,
    );
    killed.changesLeft = Infinity;
    expect(await content(killed)).toMatch(isDone ? /new/ : /old|new/);
    await write(killed, 'again');
    expect(await content(killed)).toBe('again');
    if (isDone) break;
  }
});

it('is damaged by a single bit, and says so', async () => {
  const store = await profiled(1);
  await write(store, 'scores');
  store.files.get('annexes/concepts-0000/scores.json')![2]! ^= 4;
  await expect(content(store)).rejects.toMatchObject({
    code: 'invalid-profile',
    message: expect.stringContaining('annexes/concepts-0000/scores.json') as string,
  });
});

it('merges by its rule, and is left out without one', async () => {
  const sources = await Promise.all([profiled(1), profiled(2)]);
  for (const [i, store] of sources.entries()) await write(store, `shard ${i}`);
  const merge = async (annexes?: AnnexRules) => {
    const store = new MemoryFileStore();
    const named = sources.map((source, i) => ({ name: `${i}`, store: source }));
    const hashed = { createHash: contentHash, ...(annexes && { annexes }) };
    const manifest = await mergeProfiles({ sources: named, store, tool: 'test', clock: () => 0, ...hashed });
    expect(await readManifest(store)).toEqual(manifest);
    return store;
  };
  const without = await merge();
  expect(await content(without)).toBeNull();
  const manifests = await Promise.all(sources.map((source) => readManifest(source)));
  const lost = (store: MemoryFileStore) =>
    readManifest(store).then((after) => lostAnnexesSentence(manifests, after));
  expect(await lost(without)).toContain('(concepts)');
  const joined = await merge({
    concepts: async (annexes) => {
      const read = annexes.map((annex) => annex!.store.readAll(annex!.pathOf('scores.json')));
      return [['scores.json', await Promise.all(read)]];
    },
  });
  expect(await content(joined)).toBe('shard 0shard 1');
  const asked: boolean[][] = [];
  const rule = (annexes: readonly (Annex | null)[]) => {
    asked.push(annexes.map((annex) => annex !== null));
    return Promise.resolve(null);
  };
  await write(sources[1], 'of one', 'tokens');
  const empty = await merge({ tokens: rule, explanations: rule });
  expect([asked, listAnnexes(await readManifest(empty))]).toEqual([[[false, true]], []]);
  expect(await lost(joined)).toBeNull();
});

it.each<[string, { signal?: AbortSignal; segmentTokens?: number }]>([
  ['to its end', {}],
  ['and cancelled', { signal: AbortSignal.abort() }],
  ['with all as it was of several segments', { segmentTokens: 60 }],
])('stays when the profile is run again %s and nothing is added', async (_, { signal, segmentTokens }) => {
  const again = segmentTokens === undefined ? {} : { segmentTokens };
  const { store } = requestFor(TEXTS, again);
  const run = () => runProfile(requestFor(TEXTS, { store, ...again }), SILENT, signal ?? NEVER);
  await runProfile(requestFor(TEXTS, { store, ...again }), SILENT, NEVER);
  await write(store, 'of the whole');
  const before = await readManifest(store);
  for (let times = 0; times < 2; times++) {
    const { segments } = await run();
    expect(segments).toEqual(before.segments);
    expect(await content(store)).toBe('of the whole');
  }
});

it('stays when a run that was stopped has nothing more to do', async () => {
  const { store } = requestFor(TEXTS);
  const controller = new AbortController();
  const betweenBatches = () => {
    controller.abort();
    return Promise.resolve();
  };
  const run = (more = {}, signal = NEVER) =>
    runProfile(requestFor(TEXTS, { store, batchTokens: 17, ...more }), SILENT, signal);
  expect((await run({ betweenBatches }, controller.signal)).state).toBe('partial');
  await write(store, 'of what there is');
  expect(await run({ limitTokens: 1 })).toMatchObject({
    state: 'complete',
    segments: [{ name: 'segments/0000' }],
  });
  expect(await content(store)).toBe('of what there is');
});

it('goes when the profile is gone on with or cleared', async () => {
  const store = await profiled(1);
  await write(store, 'of the first half');
  await runProfile(requestFor(TEXTS, { store, corpus: fakeCorpus(TEXTS) }), SILENT, NEVER);
  expect(listAnnexes(await readManifest(store))).toEqual([]);
  expect([...store.files.keys()].some((name) => name.startsWith('annexes/'))).toBe(false);
  await write(store, 'of the whole');
  await clearProfile(store);
  expect([...store.files.keys()]).toEqual([]);
});
