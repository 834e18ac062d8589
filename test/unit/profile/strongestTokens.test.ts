import { beforeAll, describe, expect, it } from 'vitest';
import { parseNeuron } from '../../../src/core/common/neuronAddress';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { openProfile, type Profile } from '../../../src/core/profile/openProfile';
import {
  BOS,
  fakeActivation,
  fakeTokenizer,
  LAYER_WIDTHS,
  madeTexts,
  requestFor,
  SILENT,
  SPELLED_SPECIAL,
  zlib,
} from '../pipeline/fakes';

const NEVER = new AbortController().signal;
/** Each shorter than a window, so that a document is one block of at most 64 tokens. */
const TEXTS = Object.fromEntries(
  Object.entries(madeTexts(120, 50)).map(([file, text], at) => [
    file,
    // Some words in capitals, which count as the same words.
    at % 3 === 0 ? text.replaceAll('w', 'W') : text,
  ]),
);
const ids = LAYER_WIDTHS.flatMap((width, layer) =>
  Array.from({ length: width }, (_, neuron) => `L${layer}.N${neuron}`),
);

async function profiled(keepText = true): Promise<Profile> {
  const { plan } = requestFor({});
  const request = requestFor(TEXTS, {
    plan: { ...plan, window: 64, stride: 60 },
    ...(keepText ? {} : { compression: null }),
  });
  await runProfile(request, SILENT, NEVER);
  return openProfile({ store: request.store, compression: zlib });
}

/** The largest value of each document, as the block extremes are, with its word: straight from the model. */
async function extremes(
  layer: number,
  neuron: number,
): Promise<{ value: number; word: string; id: number }[]> {
  const found = [];
  for (const text of Object.values(TEXTS)) {
    const { ids: own, starts, ends } = await fakeTokenizer().tokenize(text);
    const all = [BOS, ...own];
    const tokens = [...own]
      .map((id, at) => ({
        value: fakeActivation(all, at + 1, layer, neuron),
        word: text.slice(starts[at], ends[at]),
        id,
      }))
      .filter(({ id }) => id !== SPELLED_SPECIAL);
    found.push(...tokens.sort((a, b) => b.value - a.value).slice(0, 1));
  }
  return found.sort((a, b) => b.value - a.value).slice(0, 32);
}

describe('the strongest tokens of a profile’s neurons', () => {
  let profile: Profile;
  beforeAll(async () => {
    profile = await profiled();
  });

  it('are those that a pass over all values gives', async () => {
    let named = 0;
    for (const id of ids) {
      const { layer, neuron } = parseNeuron(id)!;
      const opened = await profile.neuron(parseNeuron(id)!);
      const largest = (await extremes(layer, neuron)).filter(
        ({ value }) => value > 0 && value >= opened.quantile(0.99),
      );
      const masses = new Map<string, number>();
      for (const { value, word } of largest) {
        masses.set(word.toLowerCase(), (masses.get(word.toLowerCase()) ?? 0) + value);
      }
      const total = largest.reduce((sum, { value }) => sum + value, 0);
      const expected = [...masses].sort(([, a], [, b]) => b - a).slice(0, 3);
      const { strongestTokens, reading } = opened.facts;
      expect(strongestTokens.map(({ token }) => token.toLowerCase())).toEqual(expected.map(([word]) => word));
      strongestTokens.forEach(({ share, count }, at) => {
        const [word, mass] = expected[at]!;
        expect(share).toBeCloseTo(mass / total, 6);
        expect(count).toBe(largest.filter((one) => one.word.toLowerCase() === word).length);
      });
      const said = reading.parts.flatMap((part) => (typeof part === 'string' ? [] : part.tokens));
      expect(said[0]).toMatchObject({ token: strongestTokens[0]!.token });
      named += strongestTokens.length;
    }
    expect(named).toBeGreaterThan(ids.length);
  });

  it('are the same in lists, for whichever neurons they are asked', async () => {
    const asked = [...ids].reverse();
    const listed = await profile.strongestTokens(asked.map((id) => parseNeuron(id)!));
    for (const [at, id] of asked.entries()) {
      expect(listed[at]).toEqual((await profile.neuron(parseNeuron(id)!)).facts.strongestTokens);
    }
    expect(await profile.strongestTokens([])).toEqual([]);
    await expect(profile.strongestTokens([parseNeuron('L0.N999')!])).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('are named by their ids where no text is kept, each id for itself', async () => {
    const bare = await profiled(false);
    const { strongestTokens, reading } = (await bare.neuron(parseNeuron('L0.N1')!)).facts;
    const [first] = await extremes(0, 1);
    expect(strongestTokens.every(({ token }) => token === '')).toBe(true);
    expect(strongestTokens.map(({ tokenId }) => tokenId)).toContain(first!.id);
    expect(reading.sentence).toContain(`“#${strongestTokens[0]!.tokenId}”`);
  });
});
