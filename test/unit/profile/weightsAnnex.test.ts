import { beforeEach, describe, expect, it } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { readManifest } from '../../../src/core/profile/manifestFile';
import { mergeProfiles } from '../../../src/core/profile/mergeProfiles';
import { WEIGHTS_RULE, writeWeights } from '../../../src/core/profile/metrics/weightsAnnex';
import { openProfile } from '../../../src/core/profile/openProfile';
import { hasWeights } from '../../../src/core/profile/profileFiles';
import { WEIGHT_KEYS, type WeightFigures } from '../../../src/core/stats/weightFigures';
import { contentHash } from '../../../src/runtime/files/hashFile';
import { madeTexts, requestFor, SILENT, zlib } from '../pipeline/fakes';
import { MemoryFileStore } from './memoryFileStore';

const NEVER = new AbortController().signal;
const TEXTS = madeTexts(6, 40);
const ALL = { offset: 0, limit: Infinity };

async function profiled(shard: number): Promise<MemoryFileStore> {
  const request = requestFor(TEXTS, { shard: { index: shard, of: 2 } });
  await runProfile(request, SILENT, NEVER);
  return request.store;
}

const open = (store: MemoryFileStore) => openProfile({ store, compression: zlib });

/** Made-up figures of eight neurons, one of them without a cosine and one without any. */
const FIGURES = new Map<string, WeightFigures>(
  ['L0.N0', 'L0.N1', 'L0.N2', 'L0.N3', 'L1.N0', 'L1.N1', 'L1.N2'].map((id, at) => [
    id,
    {
      ...{ outNorm: 1 + ((at * 5) % 7), inNorm: 2, cosine: at === 2 ? null : Math.sin(at) },
      ...{ vocabularyKurtosis: at ** 2, vocabularySkewness: -at },
    },
  ]),
);

describe('figures of the weights that are kept with a profile', () => {
  let store: MemoryFileStore;
  beforeEach(async () => {
    store = await profiled(1);
    await writeWeights(store, contentHash, (await open(store)).tables, FIGURES);
  });

  it('rank its lists, unknown ones and dead neurons last, and come with the rows', async () => {
    const profile = await open(store);
    expect(hasWeights(profile.manifest)).toBe(true);
    const byActivation = await profile.neurons({ sort: 'max', ...ALL });
    expect(byActivation.some((row) => 'weights' in row)).toBe(false);
    const isDead = new Map(byActivation.map(({ id, dead }) => [id, dead]));
    for (const sort of WEIGHT_KEYS) {
      for (const reversed of [false, true]) {
        const rows = await profile.neurons({ sort, reversed, ...ALL });
        const known = [...FIGURES].filter(([id, { [sort]: value }]) => value !== null && !isDead.get(id));
        const expected = known
          .sort(([, one], [, other]) => (reversed ? 1 : -1) * (one[sort]! - other[sort]!))
          .map(([id]) => id);
        expect(rows.map(({ id }) => id).slice(0, known.length)).toSatisfy((ids: string[]) =>
          sort === 'inNorm' ? ids.length === known.length : ids.join() === expected.join(),
        );
        expect(rows).toHaveLength(byActivation.length);
      }
    }
    const rows = await profile.neurons({ sort: 'cosine', ...ALL });
    const figuresOf = (id: string) => rows.find((row) => row.id === id)!.weights;
    expect(figuresOf('L0.N3')).toEqual(FIGURES.get('L0.N3'));
    expect(figuresOf('L0.N2')).toEqual(FIGURES.get('L0.N2'));
    expect(Object.values(figuresOf('L0.N4')!)).toEqual(WEIGHT_KEYS.map(() => null));
    const [first] = await profile.neurons({ sort: 'outNorm', site: 'L1', offset: 0, limit: 1 });
    expect(first!.id.startsWith('L1.')).toBe(true);
  });

  it('are kept by a merged profile, whichever of its sources has them', async () => {
    const merged = new MemoryFileStore();
    const sources = [await profiled(2), store].map((source, at) => ({ name: `shard ${at}`, store: source }));
    await mergeProfiles({
      ...{ sources, store: merged, tool: 'test', createHash: contentHash, clock: () => 0 },
      annexes: WEIGHTS_RULE,
    });
    const rows = await (await open(merged)).neurons({ sort: 'outNorm', ...ALL });
    expect(rows.find(({ id }) => id === 'L1.N1')!.weights).toEqual(FIGURES.get('L1.N1'));
  });

  it('are refused where they are not there, or are not what was written', async () => {
    const profile = await open(await profiled(2));
    await expect(profile.neurons({ sort: 'cosine', ...ALL })).rejects.toMatchObject({ code: 'not-found' });
    expect(hasWeights(profile.manifest)).toBe(false);
    const [path] = Object.keys((await readManifest(store)).files!).filter((file) => file.includes('weights'));
    const bytes = store.files.get(path!)!;
    bytes[bytes.length >> 1]! ^= 1;
    await expect((await open(store)).neurons({ sort: 'cosine', ...ALL })).rejects.toMatchObject({
      code: 'invalid-profile',
    });
  });
});
