import { describe, expect, it } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { UnfitText, type Tokenizer } from '../../../src/core/text/tokenizer';
import { planWindows } from '../../../src/core/text/windows';
import { expectSameProfile, wholeSegment } from './compareTables';
import { BOS, fakeActivation, fakeModel, fakeTokenizer, madeTexts, requestFor, SILENT } from './fakes';

const TEXTS = madeTexts(30, 60);
const NEVER = new AbortController().signal;
const WINDOWS = { length: 16, stride: 12, scoring: 'left' } as const;

interface Value {
  readonly value: number;
  readonly document: string;
  readonly token: number;
  readonly block: string;
}

/** Every value of the population, window by window, without batches. */
async function allValues(layer: number, neuron: number): Promise<Value[]> {
  const tokenizer = fakeTokenizer();
  const values: Value[] = [];
  for (const document of Object.keys(TEXTS).sort()) {
    const { ids, special } = await tokenizer.tokenize(TEXTS[document]!);
    for (const window of planWindows(ids.length, WINDOWS)) {
      const row = [BOS, ...ids.subarray(window.start, window.end)];
      for (let token = window.ownedStart; token < window.ownedEnd; token++) {
        if (special[token] === 1) continue;
        const value = fakeActivation(row, 1 + token - window.start, layer, neuron);
        values.push({ value, document, token, block: `${document}/${window.start}` });
      }
    }
  }
  return values;
}

/** A tokenizer's way to make tokens, which cannot cope with a word. */
function refusing(word: string, tokenizer: Tokenizer): Tokenizer['tokenize'] {
  return (text) =>
    text.includes(word) ? Promise.reject(new UnfitText(`it holds ${word}`)) : tokenizer.tokenize(text);
}

describe('a run', () => {
  it.each([
    [0, 0],
    [0, 4],
    [1, 2],
  ])('counts every value of layer %i, neuron %i once, as a brute-force pass does', async (layer, neuron) => {
    const { store, ...request } = requestFor(TEXTS);
    const segment = await wholeSegment(store, await runProfile({ ...request, store }, SILENT, NEVER));
    const values = await allValues(layer, neuron);
    const numbers = values.map(({ value }) => value);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const m2 = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const { summary } = await segment.table(layer);
    expect(summary.count[neuron]).toBe(numbers.length);
    expect(summary.mean[neuron]).toBeCloseTo(mean, 10);
    expect(summary.m2[neuron]! / m2).toBeCloseTo(1, 10);
    expect(summary.max[neuron]).toBe(Math.max(...numbers));
    expect(summary.min[neuron]).toBe(Math.min(...numbers));

    const blocks = new Map<string, Value>();
    for (const value of values) {
      const best = blocks.get(value.block);
      if (!best || value.value > best.value) blocks.set(value.block, value);
    }
    const top = [...blocks.values()]
      .sort((a, b) => b.value - a.value || (a.document < b.document ? -1 : 1) || a.token - b.token)
      .slice(0, 32);
    const first = neuron * 32;
    const places = Array.from(summary.top.document.subarray(first, first + top.length), (document, slot) => ({
      value: summary.top.value[first + slot],
      document: segment.documents.key(document),
      token: summary.top.token[first + slot],
    }));
    expect(places).toEqual(top.map(({ value, document, token }) => ({ value, document, token })));
  });

  it('says what was left out, and pads little', async () => {
    const request = requestFor(TEXTS);
    const manifest = await runProfile(request, SILENT, NEVER);
    const { excluded, summary } = await (await wholeSegment(request.store, manifest)).table(0);
    const tokenized = await Promise.all(Object.values(TEXTS).map((text) => request.tokenizer.tokenize(text)));
    const windows = tokenized.flatMap(({ ids }) => planWindows(ids.length, WINDOWS));
    const spelled = tokenized.flatMap(({ special }) => [...special]).filter((flag) => flag === 1).length;
    expect(excluded).toMatchObject({ special: windows.length + spelled, firstPosition: 0, sink: 0 });
    const tokens = tokenized.reduce((sum, { ids }) => sum + ids.length, 0);
    expect(manifest.corpus).toMatchObject({
      tokens,
      files: 30,
      documents: 30,
      limitTokens: null,
      shard: null,
      skipped: {
        ...{ binary: 1, ignored: 2, unreadable: 0, brokenRecords: 0 },
        reasons: { ignored: 2, binary: 1 },
      },
    });
    expect(summary.count[0]! + spelled).toBe(tokens);
    expect(excluded.pad / tokens).toBeLessThan(0.15);
  });

  it('runs only windows of one length together where padding would reach their tokens', async () => {
    const model = fakeModel({ equalLengths: true });
    await runProfile(requestFor(TEXTS, { model }), SILENT, NEVER);
    expect(model.batches.some(({ rows }) => rows > 1)).toBe(true);
    for (const { lengths, width } of model.batches) expect([...new Set(lengths)]).toEqual([width]);
  });

  it('leaves out texts that cannot be run, says which, and counts the others as it does without them', async () => {
    const unfit = { ...fakeTokenizer(), tokenize: refusing('<unknown>', fakeTokenizer()) };
    const texts = { ...TEXTS, 'bad.txt': 'rain <unknown> rain' };
    const request = requestFor(texts, { tokenizer: unfit });
    const manifest = await runProfile(request, SILENT, NEVER);
    const without = await runProfile(requestFor(TEXTS), SILENT, NEVER);
    expect(manifest.state).toBe('complete');
    expect(manifest.corpus.tokens).toBe(without.corpus.tokens);
    expect(manifest.corpus.skipped).toMatchObject({ unreadable: 1, reasons: { unfitText: 1 } });
    expect(request.corpus.skipped.unreadable).toEqual([
      { file: 'bad.txt', fault: 'unfitText', reason: 'it holds <unknown>' },
    ]);
  });

  it('gives the reason where no text can be run', async () => {
    const unfit = { ...fakeTokenizer(), tokenize: refusing('rain', fakeTokenizer()) };
    const request = requestFor({ 'bad.txt': 'rain' }, { tokenizer: unfit });
    await expect(runProfile(request, SILENT, NEVER)).rejects.toThrow(
      /bad\.txt was left out: it holds rain\./,
    );
  });

  it('counts the words that the vocabulary does not have, as text', async () => {
    const request = requestFor({ 'a.txt': 'one qqq two', 'b.txt': 'qqq' });
    const manifest = await runProfile(request, SILENT, NEVER);
    expect(manifest.corpus).toMatchObject({ tokens: 4, unknownTokens: 2 });
    const { summary } = await (await wholeSegment(request.store, manifest)).table(0);
    expect(summary.count[0]).toBe(4);
  });

  it('leaves out position 0 of causal windows that begin with text, unless told to keep it', async () => {
    const excludedBy = async (keepSinks: boolean) => {
      const request = requestFor(TEXTS, { tokenizer: fakeTokenizer([], []) });
      const keeping = { ...request, plan: { ...request.plan, window: 16, keepSinks } };
      const segment = await wholeSegment(request.store, await runProfile(keeping, SILENT, NEVER));
      return (await segment.table(0)).excluded;
    };
    const startingWithSpecial = Object.values(TEXTS).filter((text) => text.startsWith('<s>')).length;
    expect((await excludedBy(false)).firstPosition).toBe(30 - startingWithSpecial);
    expect((await excludedBy(true)).firstPosition).toBe(0);
  });

  it('gives the same bytes again', async () => {
    const [first, second] = [requestFor(TEXTS), requestFor(TEXTS)];
    await runProfile(first, SILENT, NEVER);
    await runProfile(second, SILENT, NEVER);
    expect([...second.store.files.keys()]).toEqual([...first.store.files.keys()]);
    for (const [name, bytes] of first.store.files) {
      expect(Buffer.compare(bytes, second.store.files.get(name)!), name).toBe(0);
    }
  });

  it.each([{ batchTokens: 17 }, { batchTokens: 1000 }, { segmentTokens: 100 }, { compression: null }])(
    'gives the same results with %o',
    async (overrides) => {
      const [first, second] = [requestFor(TEXTS), requestFor(TEXTS, overrides)];
      const expected = { store: first.store, manifest: await runProfile(first, SILENT, NEVER) };
      const actual = { store: second.store, manifest: await runProfile(second, SILENT, NEVER) };
      await expectSameProfile(actual, expected);
    },
  );

  it('closes segments at documents and has at most 16 of them', async () => {
    const request = requestFor(TEXTS, { segmentTokens: 20 });
    const manifest = await runProfile(request, SILENT, NEVER);
    expect(manifest.segments.length).toBeLessThanOrEqual(16);
    expect(manifest.segments.length).toBeGreaterThan(8);
    expect(manifest.segments.reduce((sum, { units }) => sum + units, 0)).toBe(Object.keys(TEXTS).length);
    expect(await request.store.list('snapshots')).toEqual([]);
  });

  it('stops at the limit and says how far it went', async () => {
    const request = requestFor(TEXTS, { limitTokens: 200 });
    const manifest = await runProfile(request, SILENT, NEVER);
    expect(manifest.state).toBe('complete');
    expect(manifest.corpus.limitTokens).toBe(200);
    expect(manifest.corpus.tokens).toBeGreaterThanOrEqual(200);
    expect(manifest.corpus.tokens).toBeLessThan(200 + 16);
    const { documents } = await wholeSegment(request.store, manifest);
    expect(documents.length).toBeLessThan(20);
  });

  it('reports progress up to the whole', async () => {
    const seen: { done: number; total: number }[] = [];
    const observer = {
      progress: ({ tokensDone, tokensTotal }: { tokensDone: number; tokensTotal: number }) => {
        seen.push({ done: tokensDone, total: tokensTotal });
      },
    };
    const manifest = await runProfile(requestFor(TEXTS), observer, NEVER);
    const { tokens } = manifest.corpus;
    const done = seen.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(seen.at(-1)).toEqual({ done: tokens, total: tokens });
  });

  it('drops sinks by medians that the manifest keeps', async () => {
    const request = requestFor(TEXTS);
    const manifest = await runProfile(
      { ...request, plan: { ...request.plan, dropSinks: 1.5 } },
      SILENT,
      NEVER,
    );
    const { summary, excluded } = await (await wholeSegment(request.store, manifest)).table(0);
    const byNeuron = await Promise.all([0, 1, 2, 3, 4].map((neuron) => allValues(0, neuron)));
    const norms = byNeuron[0]!.map((_, i) => Math.hypot(...byNeuron.map((values) => values[i]!.value)));
    const sorted = [...norms].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    const sinks = norms.filter((norm) => norm > 1.5 * median).length;
    expect(manifest.sinkMedians![0]).toBeCloseTo(median, 6);
    expect(sinks).toBeGreaterThan(0);
    expect(excluded.sink).toBe(sinks);
    expect(summary.count[0]).toBe(norms.length - sinks);
  });
});
