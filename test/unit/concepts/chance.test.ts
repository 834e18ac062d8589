import { describe, expect, it } from 'vitest';
import { randomOf, type Random } from '../../../src/core/common/random';
import { auroc } from '../../../src/core/concepts/statistics/auroc';
import { aurocIntervals, type Interval } from '../../../src/core/concepts/statistics/aurocInterval';
import { controlTypes } from '../../../src/core/concepts/statistics/controlLabels';
import { splitIntoHalves } from '../../../src/core/concepts/statistics/halves';
import { rank, type Ranking } from '../../../src/core/concepts/statistics/ranking';
import {
  nullOf,
  pOf,
  RolledLabels,
  type LabelRuns,
  type Null,
  type TokenSpan,
} from '../../../src/core/concepts/statistics/rolledLabels';
import { plainProduct } from './plainProduct';
import { simulateCorpus } from './simulatedCorpus';

async function aurocInterval(
  ranking: Ranking,
  labels: Uint8Array,
  documents: Uint32Array,
  random: Random,
): Promise<Interval> {
  const [interval] = await aurocIntervals([ranking], labels, documents, random, plainProduct);
  return interval!;
}

function chanceOf(
  labels: Uint8Array,
  spans: readonly TokenSpan[],
  midranks: Float64Array,
  count: number,
  random: Random,
): Null {
  const rolled = new RolledLabels(labels, spans);
  return nullOf(
    midranks,
    Array.from({ length: count }, () => rolled.draw(random)),
  );
}

describe('the interval of an AUROC', () => {
  it('holds the true value in 93 to 97 % of 500 corpora with documents of unequal size', async () => {
    const random = randomOf('corpora');
    const whole = simulateCorpus(random, 10_000, 1.2, 0.5);
    const truth = auroc(rank(whole.values).midranks, whole.labels);
    let inside = 0;
    for (let corpus = 0; corpus < 500; corpus++) {
      const { values, labels, documents } = simulateCorpus(random, 25, 1.2, 0.5);
      const { low, high } = await aurocInterval(rank(values), labels, documents, random);
      if (low <= truth && truth <= high) inside += 1;
    }
    expect(inside / 500).toBeGreaterThanOrEqual(0.93);
    expect(inside / 500).toBeLessThanOrEqual(0.97);
  });

  it('counts equal values half, as the AUROC does', async () => {
    const labels = Uint8Array.from({ length: 400 }, (_, i) => (i % 7 === 0 ? 1 : 0));
    const documents = Uint32Array.from({ length: 400 }, (_, i) => Math.floor(i / 20));
    expect(await aurocInterval(rank(new Float32Array(400)), labels, documents, randomOf('ties'))).toEqual({
      low: 0.5,
      high: 0.5,
    });
  });

  it('takes more documents than it keeps apart', async () => {
    const { values, labels, documents } = simulateCorpus(randomOf('many'), 400, 1);
    const area = auroc(rank(values).midranks, labels);
    const { low, high } = await aurocInterval(rank(values), labels, documents, randomOf('groups'));
    expect(low).toBeLessThan(area);
    expect(high).toBeGreaterThan(area);
    expect(high - low).toBeLessThan(0.08);
  });
});

/** Runs as a row of 0 and 1. */
function laid(runs: LabelRuns, length: number): string {
  const row = new Uint8Array(length);
  for (let i = 0; i < runs.length; i += 2) row.fill(1, runs[i], runs[i + 1]);
  return row.join('');
}

describe('labels rolled within documents', () => {
  it('call as many neurons as the level allows where nothing goes with the labels', () => {
    const random = randomOf('null');
    const runs = 200;
    let called = 0;
    for (let corpus = 0; corpus < runs; corpus++) {
      const { values, labels, spans } = simulateCorpus(random, 30, 0, 0.7);
      const { midranks } = rank(values);
      const chance = chanceOf(labels, spans, midranks, 200, random);
      if (pOf(auroc(midranks, labels), chance) < 0.05) called += 1;
    }
    // 95 % of the binomial distribution of 200 draws at 5 %.
    expect(called).toBeGreaterThanOrEqual(4);
    expect(called).toBeLessThanOrEqual(17);
  });

  it('have a wider spread than labels shuffled one by one, where values and labels come in runs', () => {
    const { values, labels, spans } = simulateCorpus(randomOf('runs'), 40, 0, 0.9);
    const { midranks } = rank(values);
    const positives = labels.reduce((sum, label) => sum + label, 0);
    const { std } = chanceOf(labels, spans, midranks, 400, randomOf('rolls'));
    const independent = Math.sqrt((labels.length + 1) / (12 * positives * (labels.length - positives)));
    expect(std).toBeGreaterThan(1.2 * independent);
  });

  it('keep what each document has, and change places between documents only where they are whole', () => {
    const spans = [
      { start: 0, end: 4 },
      { start: 4, end: 9 },
    ];
    const within = new RolledLabels(Uint8Array.of(1, 1, 0, 0, 1, 0, 0, 0, 0), spans);
    const whole = new RolledLabels(Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0, 0), spans);
    const random = randomOf('places');
    const sums = new Set<string>();
    for (let draw = 0; draw < 50; draw++) {
      const rolled = laid(within.draw(random), 9);
      expect(rolled.slice(0, 4)).toMatch(/^(1100|0110|0011|1001)$/);
      expect(rolled.slice(4)).toMatch(/^0*10*$/);
      sums.add(laid(whole.draw(random), 9));
    }
    expect([...sums].sort()).toEqual(['000011111', '111100000']);
  });

  it('have the mean and spread that AUROCs of the drawn labels have', () => {
    const { values, labels, spans } = simulateCorpus(randomOf('mean'), 30, 0.5, 0.9);
    const { midranks } = rank(values.map((value) => Math.round(4 * value)));
    const rolled = new RolledLabels(labels, spans);
    const random = randomOf('rolls');
    const areas = Array.from({ length: 50 }, () => {
      const row = laid(rolled.draw(random), labels.length);
      return auroc(midranks, Uint8Array.from(row, Number));
    });
    const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length;
    const variance = areas.reduce((sum, area) => sum + (area - mean) ** 2, 0) / (areas.length - 1);
    const chance = chanceOf(labels, spans, midranks, areas.length, randomOf('rolls'));
    expect(chance.mean).toBeCloseTo(mean, 12);
    expect(chance.std).toBeCloseTo(Math.sqrt(variance), 9);
  });

  it('give no p below 1 where they cannot differ', () => {
    const labels = Uint8Array.of(1, 0);
    const spans = [
      { start: 0, end: 1 },
      { start: 1, end: 2 },
    ];
    const chance = chanceOf(labels, spans, Float64Array.of(1.5, 1.5), 50, randomOf('x'));
    expect(pOf(0.5, chance)).toBe(1);
  });
});

describe('the control labelling', () => {
  const counts = new Map(Array.from({ length: 500 }, (_, type) => [type, Math.ceil(1000 / (type + 1))]));

  it('carries as many tokens as the concept, whole types of them, by chance', () => {
    const one = controlTypes(counts, 700, randomOf('one'), () => true);
    const tokens = [...one].reduce((sum, type) => sum + counts.get(type)!, 0);
    expect(tokens).toBeGreaterThan(690);
    expect(tokens).toBeLessThanOrEqual(700);
    expect(controlTypes(new Map([...counts].reverse()), 700, randomOf('one'), () => true)).toEqual(one);
    expect(controlTypes(counts, 700, randomOf('two'), () => true)).not.toEqual(one);
  });
});

describe('the control labelling of few types', () => {
  it('takes one that both halves have, where none fits or those that fit are in one half', () => {
    const few = new Map([
      [1, 500],
      [2, 400],
      [3, 40],
    ]);
    const both = (type: number) => type < 3;
    const random = () => randomOf('few');
    expect([...controlTypes(few, 30, random(), both)]).toHaveLength(1);
    expect([...controlTypes(few, 60, random(), both)]).not.toContain(3);
    expect([...controlTypes(few, 60, random(), () => true)]).toEqual([3]);
    expect([...controlTypes(few, 30, random(), () => false)]).toEqual([]);
  });

  it('has no interval where a class is empty, rather than being drawn without end', async () => {
    const values = Float32Array.from({ length: 40 }, (_, i) => i);
    const documents = Uint32Array.from({ length: 40 }, (_, i) => i >> 2);
    for (const label of [0, 1]) {
      const empty = await aurocInterval(
        rank(values),
        new Uint8Array(40).fill(label),
        documents,
        randomOf('x'),
      );
      expect(empty).toEqual({ low: NaN, high: NaN });
    }
  });
});

describe('the two halves', () => {
  it('share documents out so that both have as many tokens, whole and by seed', () => {
    const tokens = Array.from({ length: 40 }, (_, i) => 100 + 37 * i);
    const { excerpts, cut } = splitIntoHalves(tokens, 256, 1);
    const inA = excerpts
      .filter(({ half }) => half === 'a')
      .reduce((sum, { first, end }) => sum + end - first, 0);
    const all = tokens.reduce((sum, count) => sum + count, 0);
    expect(cut).toBe(false);
    expect(excerpts.map(({ document, first, end }) => [document, first, end])).toEqual(
      tokens.map((count, i) => [i, 0, count]),
    );
    expect(Math.abs(inA / all - 0.5)).toBeLessThan(0.05);
    expect(splitIntoHalves(tokens, 256, 1).excerpts).toEqual(excerpts);
    expect(splitIntoHalves(tokens, 256, 2).excerpts).not.toEqual(excerpts);
  });

  it('leave out whole documents once both are full, which ones by seed, and count their tokens', () => {
    const tokens = Array.from({ length: 60 }, (_, i) => 100 + 7 * i);
    const all = tokens.reduce((sum, count) => sum + count, 0);
    const { excerpts, leftOut } = splitIntoHalves(tokens, 256, 1, 5_000);
    const kept = excerpts.reduce((sum, { first, end }) => sum + end - first, 0);
    expect(kept + leftOut).toBe(all);
    expect(kept).toBeGreaterThanOrEqual(5_000);
    expect(kept).toBeLessThan(5_000 + Math.max(...tokens));
    const inHalf = (half: string) =>
      excerpts
        .filter((excerpt) => excerpt.half === half)
        .reduce((sum, { first, end }) => sum + end - first, 0);
    expect(Math.abs(inHalf('a') - inHalf('b'))).toBeLessThan(Math.max(...tokens));
    const documents = (seed: number) =>
      splitIntoHalves(tokens, 256, seed, 5_000).excerpts.map(({ document }) => document);
    expect(documents(2)).not.toEqual(documents(1));
    // Those that are kept are in the halves that they would be in anyway.
    const whole = new Map(
      splitIntoHalves(tokens, 256, 1).excerpts.map(({ document, half }) => [document, half]),
    );
    for (const { document, half } of excerpts) expect(half).toBe(whole.get(document));
    expect(splitIntoHalves(tokens, 256, 1).leftOut).toBe(0);
  });

  it('cuts few documents into stretches of at least 1,000 tokens, a gap between any two', () => {
    const { excerpts, cut } = splitIntoHalves([30_000, 90, 1_999], 256, 1);
    expect(cut).toBe(true);
    const first = excerpts.filter(({ document }) => document === 0);
    expect(first.length).toBe(Math.floor(30_256 / 1_256));
    expect(first[0]!.first).toBe(0);
    expect(first.at(-1)!.end).toBe(30_000);
    for (let i = 1; i < first.length; i++) expect(first[i]!.first - first[i - 1]!.end).toBe(256);
    for (const { first: from, end } of first) expect(end - from).toBeGreaterThanOrEqual(1_000);
    expect(excerpts.slice(first.length)).toMatchObject([
      { document: 1, first: 0, end: 90 },
      { document: 2, first: 0, end: 1_999 },
    ]);
  });
});
