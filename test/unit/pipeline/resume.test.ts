import { beforeAll, describe, expect, it } from 'vitest';
import type { ActivationModel } from '../../../src/core/onnx/activationModel';
import type { RunRequest } from '../../../src/core/pipeline/runRequest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import type { Manifest } from '../../../src/core/profile/manifest';
import { readManifest } from '../../../src/core/profile/manifestFile';
import { isOwnFile } from '../../../src/core/profile/ownNames';
import { openProfile } from '../../../src/core/profile/openProfile';
import { MemoryFileStore } from '../profile/memoryFileStore';
import { expectSameProfile } from './compareTables';
import { fakeCorpus, fakeModel, madeTexts, requestFor, SILENT, zlib } from './fakes';

const TEXTS = madeTexts(14, 60);
const NEVER = new AbortController().signal;
/** Small segments and a snapshot after each of them, so that little work makes many writes. */
const SETTINGS = { segmentTokens: 120, snapshotInterval: 1 } as const;

async function run(overrides: Partial<RunRequest> = {}, signal: AbortSignal = NEVER): Promise<Manifest> {
  return runProfile(requestFor(TEXTS, { ...SETTINGS, ...overrides }), SILENT, signal);
}

describe('a run that is stopped', () => {
  const whole = { store: new MemoryFileStore(), manifest: null as unknown as Manifest };
  beforeAll(async () => {
    whole.manifest = await run({ store: whole.store });
  });

  it('loses nothing whichever write it is killed at', async () => {
    const { changes } = whole.store;
    expect(changes).toBeGreaterThan(30);
    for (let allowed = 0; allowed < changes; allowed++) {
      const killed = new MemoryFileStore();
      killed.changesLeft = allowed;
      await expect(run({ store: killed }), `killed at ${allowed}`).rejects.toThrow();
      const store = new MemoryFileStore(killed.files);
      expect([...store.files.keys()].filter((name) => !isOwnFile(name))).toEqual([]);
      if (store.files.has('manifest.json')) await requireReadable(store);
      const manifest = await run({ store });
      await expectSameProfile({ store, manifest }, whole);
      expect(manifest.segments.length).toBeLessThanOrEqual(16);
    }
  }, 300_000);

  it('goes on as often as it is killed', async () => {
    let store = new MemoryFileStore();
    let manifest: Manifest | null = null;
    for (let attempt = 0; manifest === null && attempt < 100; attempt++) {
      store = new MemoryFileStore(store.files);
      store.changesLeft = 25;
      manifest = await run({ store }).catch(() => null);
    }
    await expectSameProfile({ store, manifest: manifest! }, whole);
  });

  it.each([1, 4, 8])('keeps what it has when it is cancelled after batch %i', async (batches) => {
    const store = new MemoryFileStore();
    const controller = new AbortController();
    let left = batches;
    const partial = await run(
      {
        store,
        betweenBatches: () => {
          left -= 1;
          if (left === 0) controller.abort();
          return Promise.resolve();
        },
      },
      controller.signal,
    );
    expect(partial.state).toBe('partial');
    expect(partial.corpus.tokens).toBeGreaterThan(0);
    expect(partial.corpus.tokens).toBeLessThan(whole.manifest.corpus.tokens);
    expect(await readManifest(store)).toEqual(partial);
    const page = await requireReadable(store);
    expect(page.stats.count + page.stats.excluded.firstPosition).toBeLessThanOrEqual(partial.corpus.tokens);

    const manifest = await run({ store });
    expect(manifest.corpus).toEqual(whole.manifest.corpus);
    const finished = await openProfile({ store, compression: zlib });
    const expected = await openProfile({ store: whole.store, compression: zlib });
    const address = { part: 'model', layer: 1, block: null, expert: null, neuron: 1 } as const;
    const [actualPage, wholePage] = [await finished.page(address), await expected.page(address)];
    expect(actualPage.histogram).toEqual(wholePage.histogram);
    expect(actualPage.stats.mean).toBeCloseTo(wholePage.stats.mean!, 12);
    const places = ({ examples }: typeof actualPage) =>
      examples.top.map(({ value, file, start }) => ({ value, file, start }));
    expect(places(actualPage)).toEqual(places(wholePage));
  });

  it('saves what was done when the model fails', async () => {
    const store = new MemoryFileStore();
    const model = fakeModel();
    let left = 6;
    const failing: ActivationModel = {
      ...model,
      run: (batch) => (left-- > 0 ? model.run(batch) : Promise.reject(new Error('out of memory'))),
    };
    await expect(run({ store, model: failing })).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('out of memory') as string,
    });
    expect((await readManifest(store)).state).toBe('partial');
    await requireReadable(store);
    await expectSameCorpus(await run({ store }));
  });

  it('says that a file has changed since', async () => {
    const store = new MemoryFileStore();
    store.changesLeft = 35;
    await expect(run({ store })).rejects.toThrow();
    store.changesLeft = Infinity;
    const [name] = Object.keys(TEXTS).sort();
    const changed = fakeCorpus({ ...TEXTS, [name!]: 'something else' });
    await expect(run({ store, corpus: changed })).rejects.toMatchObject({
      code: 'profiles-differ',
      message: expect.stringContaining(name!) as string,
    });
    await expectSameCorpus(await run({ store }));
  });

  it('refuses to go on with another plan', async () => {
    const { store } = whole;
    const plan = { ...requestFor(TEXTS).plan, stride: 8 };
    await expect(run({ store, plan })).rejects.toMatchObject({
      code: 'profiles-differ',
      message: expect.stringContaining('plan.stride') as string,
    });
    expect(await readManifest(store)).toEqual(whole.manifest);
  });

  it('takes up a longer limit', async () => {
    const store = new MemoryFileStore();
    const limited = await run({ store, limitTokens: 100 });
    expect(limited.corpus.tokens).toBeLessThan(130);
    const longer = await run({ store, limitTokens: 200 });
    expect(longer.corpus.tokens).toBeGreaterThanOrEqual(200);
    await expectSameCorpus(await run({ store }));
  });

  async function expectSameCorpus(manifest: Manifest): Promise<void> {
    expect(manifest.corpus).toEqual(whole.manifest.corpus);
    expect(manifest.state).toBe('complete');
    await Promise.resolve();
  }
});

async function requireReadable(store: MemoryFileStore) {
  const profile = await openProfile({ store, compression: zlib });
  const address = { part: 'model', layer: 1, block: null, expert: null, neuron: 1 } as const;
  if (profile.manifest.segments.length === 0) {
    await expect(profile.page(address)).rejects.toMatchObject({ code: 'not-found' });
  } else {
    const page = await profile.page(address);
    expect(page.examples.top[0]!.value).toBe(page.stats.max);
    return page;
  }
  return { stats: { count: 0, excluded: { firstPosition: 0 } } };
}
