import { beforeAll, describe, expect, it } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import {
  manifestText,
  parseManifest,
  readManifest,
  writeManifest,
} from '../../../src/core/profile/manifestFile';
import { openProfile } from '../../../src/core/profile/openProfile';
import { PROFILE_VERSION } from '../../../src/core/profile/manifest';
import { madeTexts, requestFor, SILENT, zlib } from '../pipeline/fakes';
import { MemoryFileStore } from './memoryFileStore';
import { randomNumbers } from './syntheticSegment';

const ADDRESS = { part: 'model', layer: 1, block: null, expert: null, neuron: 1 } as const;
let files: ReadonlyMap<string, Uint8Array>;

beforeAll(async () => {
  const request = requestFor(madeTexts(8, 40));
  await runProfile(request, SILENT, new AbortController().signal);
  files = request.store.files;
});

/** Asks for everything that a reader may ask for. */
async function readAll(store: MemoryFileStore): Promise<void> {
  const profile = await openProfile({ store, compression: zlib });
  await profile.neurons({ sort: 'topShare', offset: 0, limit: 10 });
  await profile.overview();
  await (await profile.background(ADDRESS, 'act')).histogram(1);
  await profile.page(ADDRESS);
}

function withManifest(change: (manifest: Record<string, unknown>) => void): MemoryFileStore {
  const manifest = JSON.parse(new TextDecoder().decode(files.get('manifest.json'))) as Record<
    string,
    unknown
  >;
  change(manifest);
  delete manifest['check'];
  const bytes = new TextEncoder().encode(manifestText(manifest));
  return new MemoryFileStore([...files, ['manifest.json', bytes]]);
}

describe('the manifest', () => {
  it('comes back as it was written', async () => {
    const manifest = await readManifest(new MemoryFileStore(files));
    const store = new MemoryFileStore();
    await writeManifest(store, manifest);
    expect(await readManifest(store)).toEqual(manifest);
  });

  it('of a later version is refused with what to do', async () => {
    await expect(
      readAll(withManifest((manifest) => (manifest.version = PROFILE_VERSION + 1))),
    ).rejects.toMatchObject({
      code: 'newer-profile',
      message: expect.stringContaining('update Neuron Lens') as string,
    });
  });

  it.each([
    ['state', 'finished'],
    ['segments', [{ name: '../../etc', units: [], tokens: 1 }]],
    ['snapshot', '../elsewhere'],
    ['plan', null],
    ['model', { id: 7 }],
    ['version', 'one'],
  ])('with a bad %s is refused by that name', async (field, value) => {
    await expect(readAll(withManifest((manifest) => (manifest[field] = value)))).rejects.toMatchObject({
      code: 'invalid-profile',
      message: expect.stringContaining(field) as string,
    });
  });

  it.each(['', '{', 'null', '[]', '"text"'])('that reads %j is refused', (text) => {
    expect(() => parseManifest(text)).toThrow(LensError);
  });

  it('is missed with a sentence', async () => {
    await expect(readAll(new MemoryFileStore())).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a damaged folder', () => {
  it('without one of its files names it', async () => {
    for (const name of files.keys()) {
      const store = new MemoryFileStore(files);
      store.files.delete(name);
      // The rows of another layer are not asked for.
      if (name.endsWith('/L0.act.arrow') || name.endsWith('/text.deflate')) continue;
      const code = name === 'manifest.json' ? 'not-found' : 'invalid-profile';
      await expect(readAll(store), name).rejects.toMatchObject({
        code,
        message: expect.stringContaining(name) as string,
      });
    }
  });

  it('cut short or overwritten anywhere ends in an answer or a sentence', async () => {
    const random = randomNumbers(3);
    for (const [name, bytes] of files) {
      for (let round = 0; round < 6; round++) {
        const damaged = bytes.slice(0, round % 3 === 0 ? Math.floor(random() * bytes.length) : bytes.length);
        for (let i = 0; i < 8 && damaged.length > 0; i++) {
          const within = round % 2 === 0 ? damaged.length : Math.min(damaged.length, 3000);
          damaged[Math.floor(random() * within)] = Math.floor(random() * 256);
        }
        const store = new MemoryFileStore([...files, [name, damaged]]);
        const outcome = await readAll(store).catch((error: unknown) => error);
        if (outcome !== undefined) expect(outcome, `${name}, round ${round}`).toBeInstanceOf(LensError);
      }
    }
  });
});
