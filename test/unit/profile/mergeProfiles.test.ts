import { beforeAll, describe, expect, it } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import type { RunRequest } from '../../../src/core/pipeline/runRequest';
import type { Manifest } from '../../../src/core/profile/manifest';
import { mergeProfiles } from '../../../src/core/profile/mergeProfiles';
import type { NeuronPage } from '../../../src/core/profile/neuronPage';
import { openProfile } from '../../../src/core/profile/openProfile';
import { expectSameProfile } from '../pipeline/compareTables';
import { contentHash } from '../../../src/runtime/files/hashFile';
import { fakeTokenizer, madeTexts, requestFor, SILENT, zlib } from '../pipeline/fakes';
import { MemoryFileStore } from './memoryFileStore';

const TEXTS = madeTexts(30, 60);
const NEVER = new AbortController().signal;

interface Made {
  readonly name: string;
  readonly store: MemoryFileStore;
  readonly manifest: Manifest;
}

async function make(overrides: Partial<RunRequest> = {}, texts = TEXTS): Promise<Made> {
  const request = requestFor(texts, overrides);
  return { name: 'made', store: request.store, manifest: await runProfile(request, SILENT, NEVER) };
}

function merge(sources: readonly Made[], store = new MemoryFileStore()): Promise<Manifest> {
  return mergeProfiles({ sources, store, tool: 'neuron-lens test', createHash: contentHash, clock: () => 0 });
}

function shards(of: number, overrides: Partial<RunRequest> = {}): Promise<Made[]> {
  const indexes = Array.from({ length: of }, (_, i) => i + 1);
  return Promise.all(indexes.map((index) => make({ ...overrides, shard: { index, of } })));
}

/** A band's mass is a share of Σ|activation|, of which the last bits depend on how it was added up. */
function withoutLastBits(examples: NeuronPage['examples']): unknown {
  const bands = examples.bands.map((band) => ({ ...band, mass: band.mass.toPrecision(12) }));
  return { ...examples, bands };
}

describe('merging', () => {
  let whole: Made;
  beforeAll(async () => {
    whole = await make();
  });

  it.each([1, 2, 5])('gives the one-run profile from %i shards', async (of) => {
    const store = new MemoryFileStore();
    const manifest = await merge(await shards(of), store);
    await expectSameProfile({ store, manifest }, whole);
    expect(manifest.segments.reduce((sum, { units }) => sum + units, 0)).toBe(Object.keys(TEXTS).length);
  });

  it('keeps to 16 segments and gives the same pages from them', async () => {
    const store = new MemoryFileStore();
    const manifest = await merge(await shards(3, { segmentTokens: 30 }), store);
    expect(manifest.segments).toHaveLength(16);
    await expectSameProfile({ store, manifest }, whole);
    const [merged, one] = await Promise.all(
      [store, whole.store].map((from) => openProfile({ store: from, compression: zlib })),
    );
    for (const neuron of [0, 4]) {
      const address = { part: 'model', layer: 0, block: null, expert: null, neuron } as const;
      const page = await merged!.page(address);
      const expected = await one!.page(address);
      expect(withoutLastBits(page.examples)).toEqual(withoutLastBits(expected.examples));
      expect(page.histogram).toEqual(expected.histogram);
    }
  });

  it('does not depend on the order of the shards', async () => {
    const parts = await shards(3);
    const [forth, back] = [new MemoryFileStore(), new MemoryFileStore()];
    const manifest = await merge(parts, forth);
    await expectSameProfile(
      { store: back, manifest: await merge([...parts].reverse(), back) },
      { store: forth, manifest },
    );
  });

  it.each([
    ['plan.window', async () => make({ plan: { ...requestFor(TEXTS).plan, window: 20 } })],
    ['plan.seed', async () => make({ plan: { ...requestFor(TEXTS).plan, seed: 2 } })],
    ['tokenizer.sha256', async () => make({ tokenizer: { ...fakeTokenizer(), sha256: 'another' } })],
    [
      'model.sha256',
      async () => {
        const { model } = requestFor(TEXTS);
        return make({ model: { ...model, identity: { ...model.identity, sha256: 'another' } } });
      },
    ],
  ])('says that %s differs', async (field, other) => {
    await expect(merge([whole, await other()])).rejects.toMatchObject({
      code: 'profiles-differ',
      message: expect.stringContaining(field) as string,
    });
  });

  it('does not count a document twice', async () => {
    await expect(merge([whole, whole])).rejects.toMatchObject({
      code: 'profiles-differ',
      message: expect.stringContaining('file-000.txt') as string,
    });
  });

  it('does not mix two states of a file', async () => {
    const [name] = Object.keys(TEXTS);
    const parts = await shards(2);
    const changed = await make({ shard: { index: 2, of: 2 } }, { ...TEXTS, [name!]: 'another text' });
    await expect(merge([parts[0]!, changed])).rejects.toMatchObject({
      code: 'profiles-differ',
      message: expect.stringContaining(name!) as string,
    });
  });
});
