import { beforeAll, expect, it } from 'vitest';
import { LensError } from '../../src/core/common/errors';
import { wholeBelow, type Random } from '../../src/core/common/random';
import { runProfile } from '../../src/core/pipeline/profileRun';
import { mergeProfiles } from '../../src/core/profile/mergeProfiles';
import { openProfile } from '../../src/core/profile/openProfile';
import { contentHash } from '../../src/runtime/files/hashFile';
import { LAYER_WIDTHS, madeTexts, requestFor, SILENT, zlib } from '../unit/pipeline/fakes';
import { MemoryFileStore } from '../unit/profile/memoryFileStore';
import { countFaults, howMany, randomFaults } from './faultCount';

const TEXTS = madeTexts(9, 60);
let files: ReadonlyMap<string, Uint8Array>;
let answers: string;

beforeAll(async () => {
  const request = requestFor(TEXTS, { segmentTokens: 120 });
  await runProfile(request, SILENT, new AbortController().signal);
  files = request.store.files;
  answers = await answersOf(new MemoryFileStore(files));
});

/** Everything that a profile can be asked for. */
async function answersOf(store: MemoryFileStore): Promise<string> {
  const profile = await openProfile({ store, compression: zlib });
  const answers: unknown[] = [
    profile.manifest,
    await profile.neurons({ sort: 'topShare', offset: 0, limit: 100 }),
    await profile.overview(),
  ];
  for (const [layer, width] of LAYER_WIDTHS.entries()) {
    const site = { part: 'model', layer, block: null, expert: null } as const;
    const background = await profile.background(site, 'act');
    for (let neuron = 0; neuron < width; neuron++) {
      answers.push(await profile.page({ ...site, neuron }), await background.histogram(neuron));
    }
  }
  return JSON.stringify(answers);
}

async function merged(store: MemoryFileStore): Promise<string> {
  const target = new MemoryFileStore();
  const sources = [{ name: 'damaged', store }];
  await mergeProfiles({ sources, store: target, tool: 'test', createHash: contentHash, clock: () => 0 });
  return answersOf(target);
}

/** One of: a bit turned round, some bytes written over, an end cut off, the content of another file, nothing. */
function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const damaged = bytes.slice();
  const kind = wholeBelow(random, 5);
  const at = wholeBelow(random, Math.max(1, bytes.length));
  if (kind <= 1) damaged[at]! ^= 1 << wholeBelow(random, 8);
  else if (kind === 2) for (let i = 0; i < 8; i++) damaged[at + i] = wholeBelow(random, 256);
  else if (kind === 3) return damaged.subarray(0, at);
  else {
    const names = [...files.keys()];
    return files.get(names[wholeBelow(random, names.length)]!)!.slice();
  }
  return damaged;
}

const count = countFaults('damaged profiles');

it('a damaged profile answers as the whole one does, or says which file is damaged', async () => {
  const random = randomFaults('damaged profiles');
  const names = [...files.keys()];
  const whole = await merged(new MemoryFileStore(files));
  for (let round = 0; round < howMany(1000, 100); round++) {
    count.tried++;
    const name = names[wholeBelow(random, names.length)]!;
    const damaged = [...files, [name, damage(files.get(name)!, random)]] as const;
    for (const [ask, expected] of [
      [answersOf, answers],
      [merged, whole],
    ] as const) {
      const said = await ask(new MemoryFileStore(damaged)).catch((error: unknown) => error);
      if (said === expected) continue;
      expect(said, `${name}, round ${round}`).toBeInstanceOf(LensError);
      expect((said as LensError).code, name).toMatch(/invalid-profile|newer-profile/);
    }
    count.survived++;
  }
});
