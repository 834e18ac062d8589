import { beforeAll, describe, expect, it, vi } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { parseNeuron } from '../../../src/core/common/neuronAddress';
import type { FileState } from '../../../src/core/text/document';
import type { Example, NeuronPage } from '../../../src/core/profile/neuronPage';
import { openProfile, type Profile } from '../../../src/core/profile/openProfile';
import { textFiles } from '../../../src/core/profile/profileFiles';
import {
  BOS,
  fakeActivation,
  fakeTokenizer,
  madeTexts,
  requestFor,
  sha256,
  SILENT,
  zlib,
} from '../pipeline/fakes';
import type { MemoryFileStore } from './memoryFileStore';

const TEXTS = madeTexts(30, 60);
const NEVER = new AbortController().signal;
const L1N2 = parseNeuron('L1.N2')!;

async function profiled(overrides: Parameters<typeof requestFor>[1] = {}): Promise<MemoryFileStore> {
  const request = requestFor(TEXTS, overrides);
  await runProfile(request, SILENT, NEVER);
  return request.store;
}

describe.each([
  ['one segment', {}],
  ['many segments', { segmentTokens: 60 }],
])('a neuron page from a profile of %s', (_, overrides) => {
  let profile: Profile;
  let page: NeuronPage;

  beforeAll(async () => {
    profile = await openProfile({ store: await profiled(overrides), compression: zlib });
    page = await profile.page(L1N2);
  });

  it('says which neuron it is', () => {
    expect(page.neuron).toEqual({
      ...{ id: 'L1.N2', layer: 1, part: 'model', index: 2 },
      ...{ activation: 'gelu_tanh', gated: false },
    });
    expect(page.quantity).toBe('act');
    const { files, ...carried } = profile.manifest;
    expect(page.manifest).toEqual(carried);
    expect(Object.keys(files!).length).toBeGreaterThan(8);
  });

  it('shows examples where they stand in their files', () => {
    const examples = [
      ...page.examples.top,
      ...page.examples.bottom,
      ...page.examples.random,
      ...page.examples.bands.flatMap((band) => band.examples),
    ];
    expect(examples.length).toBeGreaterThan(60);
    for (const example of examples) {
      const text = TEXTS[example.file]!;
      const before = text.slice(0, example.start).split('\n');
      expect(example.token).toBe(text.slice(example.start, example.end));
      expect(example).toMatchObject({ line: before.length, column: before.at(-1)!.length + 1 });
      expect(example.context.text).toBe(text.slice(example.context.start, example.context.end));
      expect(example.record).toBeNull();
    }
  });

  it('gives every token of a context its own activation, that of its owning window', async () => {
    const [example] = page.examples.top;
    const { ids, starts } = await fakeTokenizer().tokenize(TEXTS[example!.file]!);
    const { planWindows } = await import('../../../src/core/text/windows');
    const windows = planWindows(ids.length, { length: 16, stride: 12, scoring: 'left' });
    for (const { start, value } of example!.context.tokens) {
      const token = starts.indexOf(start);
      const window = windows.find(({ ownedStart, ownedEnd }) => ownedStart <= token && token < ownedEnd)!;
      const row = [BOS, ...ids.subarray(window.start, window.end)];
      const expected = fakeActivation(row, 1 + token - window.start, 1, 2);
      if (value !== null) expect(Math.abs(value - expected)).toBeLessThan(2e-3);
    }
    const own = example!.context.tokens.find(({ start }) => start === example!.start)!;
    expect(own.value).toBe(example!.value);
  });

  it('agrees with itself: the first example is the maximum, the counts add up', () => {
    expect(page.examples.top[0]!.value).toBe(page.stats.max);
    expect(page.examples.bottom[0]!.value).toBe(page.stats.min);
    expect(page.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(page.stats.count);
    expect(page.examples.bands.reduce((sum, band) => sum + band.count, 0)).toBe(page.stats.count);
    expect(page.stats.excluded.special).toBeGreaterThan(0);
  });

  it('is the same whatever the segments', async () => {
    const other = await openProfile({ store: await profiled(), compression: zlib });
    const { stats, examples, histogram } = await other.page(L1N2);
    expect(page.examples).toEqual(examples);
    expect(page.histogram).toEqual(histogram);
    expect(page.stats.mean).toBeCloseTo(stats.mean!, 12);
    expect(page.stats.kurtosis).toBeCloseTo(stats.kurtosis!, 9);
  });
});

/** Which token of which file an example is of. */
const placeOf = ({ file, start }: Example) => `${file}:${start}`;

describe('a profile', () => {
  it('lists neurons by a metric, page by page', async () => {
    const profile = await openProfile({ store: await profiled(), compression: zlib });
    const all = await profile.neurons({ sort: 'max', offset: 0, limit: 100 });
    expect(all).toHaveLength(8);
    const live = all.filter(({ dead }) => !dead).map(({ max }) => max!);
    expect(live).toEqual([...live].sort((a, b) => b - a));
    expect(await profile.neurons({ sort: 'max', offset: 3, limit: 2 })).toEqual(all.slice(3, 5));
    const lowest = await profile.neurons({ sort: 'min', offset: 0, limit: 1, layer: 0 });
    const minima = all.filter(({ id }) => id.startsWith('L0')).map(({ min }) => min!);
    expect(lowest[0]!.min).toBe(Math.min(...minima));
    const ofSite = await profile.neurons({ sort: 'max', offset: 0, limit: 100, site: 'L1' });
    expect(ofSite).toEqual(all.filter(({ id }) => id.startsWith('L1.')));
    for (const { id, max, density } of all) {
      const page = await profile.page(parseNeuron(id)!);
      expect({ max, density }).toEqual({ max: page.stats.max, density: page.stats.density.share });
    }
  });

  it('marks examples of files that have changed, are gone or cannot be read', async () => {
    const [changed, gone, closed] = ['file-003.txt', 'file-005.txt', 'file-006.txt'];
    const states = new Map<string, FileState>([
      [changed, 'changed'],
      [gone, 'missing'],
      [closed, 'unreadable'],
    ]);
    const asked: string[] = [];
    const profile = await openProfile({
      store: await profiled(),
      compression: zlib,
      fileState: (root, { file, sha256: hash }) => {
        asked.push(`${root}/${file}`);
        expect(hash).toBe(sha256(TEXTS[file]!));
        return Promise.resolve(states.get(file) ?? 'same');
      },
    });
    const { examples } = await profile.page(L1N2);
    const shown = [...examples.top, ...examples.bottom, ...examples.random];
    for (const file of states.keys()) expect(shown.some((example) => example.file === file)).toBe(true);
    for (const { file, stale, missing } of shown) {
      expect({ stale, missing }).toEqual({
        stale: states.has(file),
        missing: file === gone || file === closed,
      });
    }
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked[0]).toMatch(/^\/corpus\//);
  });

  it('opens a neuron without reading its examples, and gives each list as the page has it', async () => {
    const store = await profiled();
    const profile = await openProfile({ store, compression: zlib });
    const page = await profile.page(L1N2);
    const read = vi.spyOn(store, 'read');
    const neuron = await profile.neuron(L1N2);
    expect(read.mock.calls.filter(([name]) => name === textFiles(0).text)).toEqual([]);
    expect(neuron.facts).toEqual({ ...page, examples: undefined });
    for (const name of ['top', 'bottom', 'bands', 'random'] as const) {
      expect(await neuron.examples(name)).toEqual(page.examples[name]);
    }
  });

  it('finds stored samples between two values that no list of the page shows', async () => {
    const profile = await openProfile({ store: await profiled(), compression: zlib });
    const { examples, histogram } = await profile.page(L1N2);
    const neuron = await profile.neuron(L1N2);
    const { facts, stored } = neuron;
    const bands = examples.bands.flatMap((band) => band.examples);
    const onThePage = new Set(
      [...examples.top, ...examples.bottom, ...bands, ...examples.random].map(placeOf),
    );
    const { max } = facts.stats;
    let beyond = 0;
    let found = 0;
    for (const [bin, low] of histogram.edges.slice(0, -1).entries()) {
      const high = histogram.edges[bin + 1]!;
      const range = await neuron.examplesBetween(low, high);
      const isInside = (value: number) => value >= low && (value < high || value === max);
      expect(range.stored).toBe(stored.filter((value) => value <= high && isInside(value)).length);
      expect(range.stored).toBeLessThanOrEqual(histogram.counts[bin]!);
      expect(range.examples).toHaveLength(Math.min(40, range.stored));
      for (const { value } of range.examples) expect(isInside(value)).toBe(true);
      found += range.stored;
      beyond += range.examples.filter((example) => !onThePage.has(placeOf(example))).length;
    }
    expect(found).toBe(stored.length);
    expect(beyond).toBeGreaterThan(50);
    const highest = await neuron.examplesBetween(max!, max!);
    expect(highest.examples.map(({ value }) => value)).toContain(max);
    const below = await neuron.examplesBetween(max! - 0.5, max! - 0.25);
    expect(below.examples.some(({ value }) => value === max)).toBe(false);
  });

  it('compares with the background of a site', async () => {
    const profile = await openProfile({ store: await profiled({ segmentTokens: 60 }), compression: zlib });
    const background = await profile.background(L1N2, 'act');
    const page = await profile.page(L1N2);
    const histogram = await background.histogram(2);
    expect(histogram.count).toBe(page.stats.count);
    expect(histogram.max).toBe(page.stats.max);
    expect(background.median[2]).toBe(page.stats.median);
    expect(background.silent).toHaveLength(3);
  });

  it('sums up what it holds', async () => {
    const profile = await openProfile({ store: await profiled(), compression: zlib });
    const overview = await profile.overview();
    const page = await profile.page(L1N2);
    expect(overview).toMatchObject({ neurons: 8, tokens: profile.manifest.corpus.tokens });
    expect(overview.tables).toHaveLength(2);
    expect({ ...overview.tables[1]!.excluded, nonFinite: 0 }).toEqual(page.stats.excluded);
  });

  it('does without text where none was kept', async () => {
    const profile = await openProfile({ store: await profiled({ compression: null }), compression: zlib });
    const { examples } = await profile.page(L1N2);
    expect(examples.top[0]).toMatchObject({ token: '', context: { text: '' } });
    expect(examples.top[0]!.end).toBeGreaterThan(examples.top[0]!.start);
  });

  it.each([
    ['L7.N0', 'This profile has no L7 with act. It has L0.act, L1.act.'],
    ['L1.N3', 'There is no L1.N3: L1 has the neurons N0 to N2.'],
  ])('says that there is no %s', async (name, message) => {
    const profile = await openProfile({ store: await profiled(), compression: zlib });
    await expect(profile.page(parseNeuron(name)!)).rejects.toMatchObject({ code: 'not-found', message });
  });

  it('is readable at every moment of the run that writes it', async () => {
    const request = requestFor(TEXTS, { segmentTokens: 200, snapshotInterval: 1, batchTokens: 32 });
    let profile: Profile | null = null;
    let batches = 0;
    const seen = new Set<number>();
    await runProfile(
      {
        ...request,
        betweenBatches: async () => {
          profile ??= await openProfile({ store: request.store, compression: zlib });
          batches += 1;
          if (batches % 7 === 0) await profile.refresh();
          if (profile.manifest.segments.length === 0) return;
          const page = await profile.page(L1N2);
          seen.add(page.stats.count);
          expect(page.examples.top[0]!.value).toBe(page.stats.max);
        },
      },
      SILENT,
      NEVER,
    );
    expect(seen.size).toBeGreaterThan(2);
    expect(await profile!.refresh()).toBe(true);
    expect(profile!.manifest.state).toBe('complete');
  });
});
