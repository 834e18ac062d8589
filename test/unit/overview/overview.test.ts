import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { medianOf } from '../../../src/core/common/median';
import { formatNeuron, parseNeuron, type Part } from '../../../src/core/common/neuronAddress';
import { randomOf } from '../../../src/core/common/random';
import type { ConceptNeuron, ConceptResults } from '../../../src/core/concepts/conceptResults';
import { firstNeuronsOf } from '../../../src/core/overview/firstNeurons';
import { layerStripsOf } from '../../../src/core/overview/layerStrips';
import { namedOverviewOf } from '../../../src/core/overview/namedConcepts';
import { LayeredRows } from '../../../src/core/overview/layeredRows';
import { readingNotes } from '../../../src/core/overview/readingNotes';
import { answerOverview, answerStrips } from '../../../src/core/overview/overviewAnswer';
import { sampleNeurons } from '../../../src/core/overview/sampledNeurons';
import type { CarriedManifest } from '../../../src/core/profile/manifest';
import { selfTestOf } from '../../../src/core/common/selfTest';
import { failedSelfTest } from '../../webview/messages';
import { openProfile } from '../../../src/core/profile/openProfile';
import type { ProfiledTable } from '../../../src/core/profile/profiledTable';
import { SORT_KEYS } from '../../../src/core/stats/statistics';
import { FolderStore } from '../../../src/runtime/files/folderStore';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { madeTexts, requestFor, SILENT, zlib } from '../pipeline/fakes';

/** One encoder layer, and two decoder layers of which the last has two experts; the gate of each was profiled too. */
const SITES = [
  { part: 'encoder', layer: 0, expert: null, dFf: 700 },
  { part: 'decoder', layer: 0, expert: null, dFf: 500 },
  { part: 'decoder', layer: 1, expert: 0, dFf: 300 },
  { part: 'decoder', layer: 1, expert: 1, dFf: 300 },
].map((site) => ({ ...site, part: site.part as Part, block: null }));
const TABLES = SITES.flatMap((site) =>
  (['act', 'gate'] as const).map((quantity) => ({ site, quantity })),
) as unknown as ProfiledTable[];
const firstRowOf = (table: number): number =>
  TABLES.slice(0, table).reduce((sum, { site }) => sum + site.dFf, 0);
const ROWS = firstRowOf(TABLES.length);

/** The neurons that count, said by brute force. */
const NEURONS = TABLES.flatMap(({ site, quantity }, table) =>
  quantity === 'gate'
    ? []
    : Array.from({ length: site.dFf }, (_, neuron) => ({
        id: formatNeuron({ ...site, neuron }),
        layer: site.part === 'encoder' ? 'enc:L0' : `dec:L${site.layer}`,
        row: firstRowOf(table) + neuron,
      })),
);
const LAYERS = ['enc:L0', 'dec:L0', 'dec:L1'];

const random = randomOf('metrics');
const column = (value: () => number) => Float64Array.from({ length: ROWS }, value);
const flags = (share: number) => Uint8Array.from({ length: ROWS }, () => Number(random() < share));
const columns = {
  ...{ dead: flags(0.05), constant: flags(0.02) },
  density: column(() => (random() < 0.03 ? 0 : random() ** 3)),
  kurtosis: column(() => (random() < 0.1 ? NaN : 100 * random() - 2)),
  // Rounded, so that many are equal.
  topShare: column(() => Math.round(20 * random()) / 20),
};
const table = new LayeredRows({ firstRowOf }, TABLES);

/** Made-up results: names by neuron, and rows of those that were chosen. */
function results(
  names: ConceptResults['names'],
  chosen: Readonly<Record<string, readonly Partial<ConceptNeuron>[]>> = {},
): ConceptResults {
  const concept = (name: string, family: string, refused: string | null = null) => ({
    ...{ name, family, refused, neurons: chosen[name] ?? [] },
  });
  return {
    concepts: [
      concept('digits', 'spelling'),
      concept('full stops', 'spelling'),
      concept('quotes', 'enclosure'),
      concept('URLs', 'enclosure', 'too few'),
      concept('chat', 'chat', 'too few'),
    ],
    ...{ names, named: { neurons: Object.keys(names).length, of: 1800 } },
  } as unknown as ConceptResults;
}
const name = (concept: string, auroc: number) => ({ concept, auroc, ap: 0.7 });

describe('the layers at a glance', () => {
  it.each(['density', 'kurtosis', 'topShare'] as const)(
    'shade every neuron by its eighth of all, by %s',
    (metric) => {
      const values = columns[metric];
      const { edges, layers } = layerStripsOf(table, metric, values, columns.dead);
      const alive = NEURONS.filter(({ row }) => !columns.dead[row] && !Number.isNaN(values[row]!));
      const sorted = alive.map(({ row }) => values[row]!).sort((a, b) => a - b);
      expect(edges).toEqual([
        ...Array.from({ length: 8 }, (_, at) => sorted[Math.floor((at * sorted.length) / 8)]),
        sorted.at(-1),
      ]);
      expect(layers.map(({ layer }) => layer)).toEqual(LAYERS);
      for (const { layer, neurons, dead, shades, withoutValue, median } of layers) {
        const all = NEURONS.filter((one) => one.layer === layer);
        const own = alive.filter((one) => one.layer === layer).map(({ row }) => values[row]!);
        const eighth = (value: number) => edges.slice(0, 8).filter((edge) => edge <= value).length - 1;
        expect(shades).toEqual(
          Array.from({ length: 8 }, (_, at) => own.filter((value) => eighth(value) === at).length),
        );
        expect(dead).toBe(all.filter(({ row }) => columns.dead[row]).length);
        expect([neurons, dead + withoutValue + own.length, median]).toEqual([
          all.length,
          all.length,
          medianOf(own),
        ]);
      }
    },
  );
});

describe('the sample of neurons', () => {
  const drawable = NEURONS.filter(
    ({ row }) => !columns.dead[row] && columns.density[row]! > 0 && columns.kurtosis[row]! > 0,
  );

  it('draws a thousand different ones that can be drawn, the same for the same seed', () => {
    const { neurons, of } = sampleNeurons(table, columns, 7);
    expect([neurons.length, of]).toEqual([1000, drawable.length]);
    const rows = new Map(drawable.map(({ id, row, layer }) => [id, { row, layer }]));
    expect(new Set(neurons.map(({ id }) => id)).size).toBe(1000);
    for (const { id, layer, density, kurtosis } of neurons) {
      const { row, layer: expected } = rows.get(id)!;
      expect([LAYERS[layer], density, kurtosis]).toEqual([
        expected,
        columns.density[row],
        columns.kurtosis[row],
      ]);
    }
    expect(neurons.map(({ density }) => density)).toEqual(
      neurons.map(({ density }) => density).sort((a, b) => a - b),
    );
    expect(sampleNeurons(table, columns, 7).neurons).toEqual(neurons);
    expect(sampleNeurons(table, columns, 8).neurons).not.toEqual(neurons);
  });

  it('gives every neuron the same chance', () => {
    const seeds = 60;
    const often = new Map<string, number>();
    for (let seed = 0; seed < seeds; seed++)
      for (const { id } of sampleNeurons(table, columns, seed).neurons)
        often.set(id, (often.get(id) ?? 0) + 1);
    const chance = 1000 / drawable.length;
    const expected = seeds * chance;
    const chiSquare = drawable.reduce(
      (sum, { id }) => sum + ((often.get(id) ?? 0) - expected) ** 2 / (expected * (1 - chance)),
      0,
    );
    // Six standard deviations of a χ² of so many degrees of freedom.
    expect(Math.abs(chiSquare - drawable.length)).toBeLessThan(6 * Math.sqrt(2 * drawable.length));
  });
});

describe('the neurons worth looking at first', () => {
  const listed = NEURONS.filter(({ row }) => !columns.dead[row] && !columns.constant[row]);
  const layerOf = new Map(NEURONS.map(({ id, layer }) => [id, layer]));
  const ranked = (layer: string) =>
    listed
      .filter((one) => one.layer === layer)
      .sort((a, b) => columns.topShare[b.row]! - columns.topShare[a.row]! || a.row - b.row);

  it('go by top share where no concepts were tested, no layer twice before every layer had its turn', () => {
    const first = firstNeuronsOf(table, columns, null);
    expect(first).toHaveLength(50);
    for (let turn = 0; turn + 3 <= 48; turn += 3) {
      const layers = first.slice(turn, turn + 3).map(({ id }) => layerOf.get(id)!);
      expect(new Set(layers).size).toBe(3);
    }
    for (const layer of LAYERS) {
      const own = first.filter(({ id }) => layerOf.get(id) === layer).map(({ id }) => id);
      expect(own).toEqual(
        ranked(layer)
          .slice(0, own.length)
          .map(({ id }) => id),
      );
    }
    const [{ id: best }] = [ranked('enc:L0')[0]!];
    expect(first.find(({ id }) => id === best)!.why).toMatch(
      /^the highest top share of layer enc:0: 1 % of the tokens hold 100\.0 % of its Σ\|value\|$/,
    );
  });

  it('begin with names and say why each is there', () => {
    const [a, b, c] = [ranked('dec:L1')[200]!.id, ranked('dec:L0')[3]!.id, ranked('dec:L0')[2]!.id];
    const miss = ranked('enc:L0')[0]!.id;
    const tested = results(
      { [a]: name('digits', 0.95), [b]: name('digits', 0.03), [c]: name('quotes', 0.9) },
      {
        quotes: [{ id: miss, auroc: 0.91, ap: 0.46, selectivity: 0.3, q: 0.001 }],
        digits: [{ id: miss, auroc: 0.97, ap: 0.2, selectivity: 0.1, q: 0.001 }],
      },
    );
    const first = firstNeuronsOf(table, columns, tested);
    expect(first.slice(0, 4).map(({ id, why }) => [id, why])).toEqual([
      // The low values of b are surer than the high ones of a.
      [b, 'the surest of the 2 neurons that carry this name'],
      [a, `one of 2 that carry this name; the surest is ${b}`],
      [miss, 'misses the name “quotes” only by its average precision (0.46)'],
      [c, 'the only neuron that carries this name'],
    ]);
  });
});

it('counts names by layer and by family', () => {
  const names = {
    'enc:L0.N5': name('digits', 0.9),
    'dec:L1.E1.N299': name('digits', 0.9),
    'dec:L0.N0': name('quotes', 0.9),
  };
  const control = { control: 'shuffled', named: { neurons: 2, of: 1800 } };
  expect(namedOverviewOf(table, results(names), [{ ...control, control: 'embedding' }, control])).toEqual({
    ...{ tested: 3, refused: 2, partial: false, byLayer: [1, 1, 1] },
    ...{ named: { neurons: 3, of: 1800 }, shuffled: { neurons: 2, of: 1800 } },
    families: [
      { family: 'spelling', tested: 2, withNeuron: 1, neurons: 2 },
      { family: 'enclosure', tested: 1, withNeuron: 1, neurons: 1 },
    ],
  });
  expect(namedOverviewOf(table, results({}), []).shuffled).toBeNull();
});

it('warns of all that must be known before the neurons are read, the gravest first', () => {
  const manifest = {
    ...{ state: 'complete', selfTest: { passed: true, largestDifference: 1e-6, checks: [] } },
    plan: { keepSinks: false, dropSinks: null },
    corpus: {
      ...{ tokens: 5000, unknownTokens: 0, shard: null, limitTokens: null },
      skipped: { binary: 3, ignored: 2, unreadable: 0, brokenRecords: 0, reasons: {} },
    },
  } as unknown as CarriedManifest;
  const none = { special: 9, pad: 0, firstPosition: 0, sink: 0 };
  expect(readingNotes(manifest, 1000, none)).toEqual([]);
  const unsound = {
    ...manifest,
    ...{ state: 'partial', selfTest: selfTestOf([]) },
    plan: { ...manifest.plan, dropSinks: 10 },
    corpus: {
      ...manifest.corpus,
      ...{ unknownTokens: 500, limitTokens: 1200, shard: { index: 1, of: 4 } },
      skipped: { ...manifest.corpus.skipped, unreadable: 1 },
    },
  } as CarriedManifest;
  const notes = readingNotes(unsound, 999, { ...none, firstPosition: 20, sink: 5 });
  expect(notes.map(({ head }) => head)).toEqual([
    'The model is not self-tested.',
    'The run was stopped before its end.',
    'Only 999 tokens are scored.',
    'This is part 2 of 4 of a corpus.',
    'The run was to end after 1,200 tokens.',
    '1 file or record could not be read.',
    'Many words are unknown to the model.',
    'Positions of attention sinks are left out.',
  ]);
  expect(notes.at(-1)!.text).toBe(
    '20 first positions of windows and 5 sinks over 10 × the median norm are in no figure (2.44 % of what was run).',
  );
  const kept = { ...manifest, plan: { ...manifest.plan, keepSinks: true } };
  expect(readingNotes(kept, 1000, none).map(({ tone }) => tone)).toEqual(['warning']);
  expect(readingNotes({ ...manifest, selfTest: failedSelfTest }, 1000, none)[0]!.tone).toBe('error');
});

describe('the overview of a profile', () => {
  it('counts what its lists say, by every metric that they are ranked by', async () => {
    const store = new FolderStore(
      fileURLToPath(new URL('../../fixtures/profile-v2/profile', import.meta.url)),
    );
    const profile = await openProfile({ store, compression: zlib });
    const rows = await profile.neurons({ sort: 'density', offset: 0, limit: Infinity });
    const overview = await profile.read((stored) => answerOverview(stored, null, []));
    expect(overview).toMatchObject({
      neurons: rows.length,
      dead: rows.filter(({ dead }) => dead).length,
      constant: rows.filter(({ constant }) => constant).length,
      scored: Math.max(...rows.map(({ count }) => count)),
      named: null,
    });
    for (const key of SORT_KEYS) {
      const { layers } = await profile.read((stored) => answerStrips(stored, key));
      const counted = layers.flatMap(({ dead, withoutValue, shades }) => [dead, withoutValue, ...shades]);
      expect(counted.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
    }
    for (const { id } of overview.first) expect(parseNeuron(id)).not.toBeNull();
    await store.close();
  });

  it('says that a profile without a token holds none', async () => {
    const request = requestFor(madeTexts(2, 20));
    const stop = AbortSignal.abort();
    await runProfile(request, SILENT, stop).catch(() => undefined);
    const profile = await openProfile({ store: request.store, compression: zlib });
    await expect(profile.read((stored) => answerOverview(stored, null, []))).rejects.toThrow(
      /holds no tokens/,
    );
  });
});
