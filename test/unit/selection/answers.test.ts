import { describe, expect, it } from 'vitest';
import { formatNeuron } from '../../../src/core/common/neuronAddress';
import type { FfnSite } from '../../../src/core/onnx/site';
import type { ActivationModel, TokenBatch } from '../../../src/core/onnx/activationModel';
import type { TokenRange } from '../../../src/core/profile/units';
import type { Tokenizer } from '../../../src/core/text/tokenizer';
import {
  exclusionsOf,
  tokensAt,
  windowsOfRange,
  type Order,
  type TextRun,
} from '../../../src/core/pipeline/textActivations';
import { Population } from '../../../src/core/pipeline/population';
import { answerSelection } from '../../../src/core/selection/answerSelection';
import { answerToken } from '../../../src/core/selection/answerToken';
import type { SiteBackground } from '../../../src/core/profile/queries/siteBackground';
import { histogramOf, quantileOf } from '../../../src/core/stats/histogram';
import { createSiteAccumulator } from '../../../src/core/stats/siteAccumulator';
import { add } from '../stats/corpus';
import { PlainReduction } from '../stats/plainReduction';
import { planWindows } from '../../../src/core/text/windows';

const NEURONS = 24;
const site: FfnSite = {
  part: 'model',
  layer: 2,
  block: null,
  expert: null,
  dModel: 8,
  dFf: NEURONS,
  gated: false,
  packed: false,
  activation: 'relu',
  sharedWith: null,
  quantities: ['act'],
};

/** A repeatable value for neuron n of token id i at position p of its window. */
const valueAt = (id: number, position: number, neuron: number) =>
  Math.sin(id * 12.9898 + neuron * 78.233) * 5 + 0.001 * position;

/** A model whose activations depend on the token and, a little, on its position in the window. */
const model: ActivationModel = {
  outputs: [{ site, quantity: 'act' }],
  sites: [site],
  causal: true,
  maximumLength: 16,
  maximumRows: 8,
  equalLengths: false,
  identity: { id: 'fake', file: 'fake.onnx', sha256: '', dtype: 'fp32', opset: 18 },
  run: ({ rows, width, ids }: TokenBatch) => {
    const values = new Float32Array(rows * width * NEURONS);
    for (let at = 0; at < rows * width; at += 1) {
      for (let neuron = 0; neuron < NEURONS; neuron += 1) {
        values[at * NEURONS + neuron] = valueAt(ids[at]!, at % width, neuron);
      }
    }
    return Promise.resolve([{ site, quantity: 'act', values, positions: null }]);
  },
  dispose: () => Promise.resolve(),
};

/** One token a character. */
const tokenizer: Tokenizer = {
  sha256: '',
  vocabularySize: 256,
  frame: { before: [], after: [] },
  tokenize: (text) =>
    Promise.resolve({
      ids: Uint32Array.from(text, (character) => character.charCodeAt(0)),
      starts: Uint32Array.from({ length: text.length }, (_, index) => index),
      ends: Uint32Array.from({ length: text.length }, (_, index) => index + 1),
      special: new Uint8Array(text.length),
      unknown: new Uint8Array(text.length),
    }),
  pieceOf: (id) => String.fromCharCode(id),
};

const run: TextRun = {
  model,
  tokenizer,
  plan: { length: 16, stride: 12, scoring: 'left' },
  population: new Population({ keepSpecial: false, keepSinks: false }, true, tokenizer.frame),
  sinks: null,
};

const CORPUS = 'The quick brown fox jumps over the lazy dog, again and again; 42 times, they say. '.repeat(
  30,
);

/** The corpus' values of every neuron, each token in the window that owns it, without the very first. */
function corpusValues(): Float32Array[] {
  const columns = Array.from({ length: NEURONS }, () => [] as number[]);
  for (const window of planWindows(CORPUS.length, run.plan)) {
    for (let token = Math.max(window.ownedStart, 1); token < window.ownedEnd; token += 1) {
      columns.forEach((column, neuron) =>
        column.push(valueAt(CORPUS.charCodeAt(token), token - window.start, neuron)),
      );
    }
  }
  return columns.map((column) => Float32Array.from(column));
}

/** The background as a profile would hold it, summed up by the product's own accumulator. */
function background(): { corpus: Float32Array[]; backgrounds: SiteBackground[] } {
  const corpus = corpusValues();
  const tokens = corpus[0]!.length;
  const values = new Float32Array(tokens * NEURONS);
  corpus.forEach((column, neuron) =>
    column.forEach((value, row) => (values[row * NEURONS + neuron] = value)),
  );
  const accumulator = createSiteAccumulator(new PlainReduction(NEURONS));
  add(accumulator, [
    {
      document: 0,
      firstToken: 0,
      windows: [tokens],
      endsDocument: true,
      values,
      rowOf: Int32Array.from({ length: tokens }, (_, row) => row),
      hashes: new Uint32Array(tokens),
    },
  ]);
  const summary = accumulator.summary();
  const quantiles = (share: number) =>
    Float64Array.from({ length: NEURONS }, (_, neuron) => quantileOf(histogramOf(summary, neuron), share));
  const known: SiteBackground = {
    site,
    quantity: 'act',
    median: quantiles(0.5),
    q999: quantiles(0.999),
    silent: new Uint8Array(NEURONS),
    histogram: (neuron) => Promise.resolve(histogramOf(summary, neuron)),
  };
  return { corpus, backgrounds: [known] };
}

const never = new AbortController().signal;

/** What one neuron takes at the tokens of a range, in the order in which they come. */
async function gathered(range: TokenRange, neuron: number, order?: Order): Promise<[number, number][]> {
  const text = await tokenizer.tokenize(CORPUS);
  const found: [number, number][] = [];
  for await (const [output] of windowsOfRange(text, range, run, never, order)) {
    output!.tokens.forEach((token, row) => {
      if (token >= 0) found.push([token, output!.values[row * NEURONS + neuron]!]);
    });
  }
  return found;
}

describe('activations of a range', () => {
  it('are those of each token in its owning window, whichever way the windows are taken', async () => {
    const expected: [number, number][] = [];
    for (const window of planWindows(CORPUS.length, run.plan)) {
      for (let token = Math.max(window.ownedStart, 9); token < Math.min(window.ownedEnd, 40); token += 1) {
        const value = valueAt(CORPUS.charCodeAt(token), token - window.start, 5);
        expected.push([token - 9, Math.fround(value)]);
      }
    }
    expect(expected).toHaveLength(31);
    const range = { first: 9, end: 40 };
    expect(await gathered(range, 5)).toEqual(expected);
    const backward = await gathered(range, 5, 'backward');
    expect(backward[0]).not.toEqual(expected[0]);
    expect(backward.sort(([a], [b]) => a - b)).toEqual(expected);
  });

  it('have no value at the first position, which stands outside the population', async () => {
    expect((await gathered({ first: 0, end: 2 }, 0)).map(([token]) => token)).toEqual([1]);
  });

  it('leave out what a profile leaves out: spelled special tokens and dropped sinks, by table', async () => {
    const text = await tokenizer.tokenize(CORPUS);
    const special = text.special.slice();
    special[5] = 1;
    const range = { first: 0, end: 40 };
    const tokensOf = async (changed: Partial<TextRun>): Promise<number[]> => {
      const found: number[] = [];
      for await (const [output] of windowsOfRange(
        { ...text, special },
        range,
        { ...run, ...changed },
        never,
      )) {
        found.push(...output!.tokens.filter((token) => token >= 0));
      }
      return found;
    };
    const all = Array.from({ length: 40 }, (_, token) => token);
    expect(await tokensOf({})).toEqual(all.filter((token) => token !== 0 && token !== 5));
    const kept = new Population({ keepSpecial: true, keepSinks: true }, true, tokenizer.frame);
    expect(await tokensOf({ population: kept })).toEqual(all);
    const normOf = (token: number): number => {
      const { start } = planWindows(CORPUS.length, run.plan).find((window) => token < window.ownedEnd)!;
      const values = Array.from({ length: NEURONS }, (_, n) => valueAt(text.ids[token]!, token - start, n));
      return Math.hypot(...values);
    };
    const norms = all.map(normOf).sort((a, b) => a - b);
    const limit = (norms[30]! + norms[31]!) / 2;
    expect(await tokensOf({ population: kept, sinks: { ratio: 2, medians: [limit / 2] } })).toEqual(
      all.filter((token) => normOf(token) < limit),
    );
    expect(exclusionsOf({ ...text, special }, { first: 0, end: 7 }, run)).toEqual([
      ...['firstPosition', null, null, null, null, 'special', null],
    ]);
  });

  it('stop when they are cancelled', async () => {
    const text = await tokenizer.tokenize(CORPUS);
    const cancelled = AbortSignal.abort(new Error('enough'));
    const windows = windowsOfRange(text, { first: 0, end: 40 }, run, cancelled);
    await expect(windows.next()).rejects.toThrow('enough');
  });

  it('find the tokens that overlap a selection, and the one that holds a caret', async () => {
    const text = await tokenizer.tokenize('abcdef');
    expect(tokensAt(text, 2, 4)).toEqual({ first: 2, end: 4 });
    expect(tokensAt(text, 3, 3)).toEqual({ first: 3, end: 4 });
    expect(tokensAt(text, 6, 6)).toEqual({ first: 6, end: 6 });
  });
});

describe('which neurons answer to a selection', () => {
  it('ranks all neurons as a brute-force pass over the corpus does', async () => {
    const { corpus, backgrounds } = background();
    const start = CORPUS.indexOf('42');
    const answer = await answerSelection(
      { text: CORPUS, start, end: start + 2, source: null, rows: NEURONS },
      { run, tokenizer, backgrounds, model: 'fake', profile: { profile: 'p', tokens: corpus[0]!.length } },
      never,
    );
    const windows = planWindows(CORPUS.length, run.plan);
    const brute = corpus.map((column, neuron) => {
      const peak = Math.max(
        ...[start, start + 1].map((token) => {
          const owner = windows.find((window) => token >= window.ownedStart && token < window.ownedEnd)!;
          return Math.fround(valueAt(CORPUS.charCodeAt(token), token - owner.start, neuron));
        }),
      );
      const below = column.filter((value) => value < peak).length;
      return { id: formatNeuron({ ...site, neuron }), peak, percentile: (100 * below) / column.length };
    });
    for (const row of answer.rows) {
      const expected = brute.find(({ id }) => id === row.id)!;
      expect(row.value).toBeCloseTo(expected.peak, 5);
      expect(Math.abs(row.percentile - expected.percentile)).toBeLessThan(5);
      expect(Math.max(...row.values.map((value) => value ?? -Infinity))).toBe(row.value);
      expect(row.values[row.peak]).toBe(row.value);
    }
    expect(answer.rows).toHaveLength(NEURONS);
    expect(answer.text).toBe('42');
  });

  it('holds one window of a long selection at once, not all of its tokens times all neurons', async () => {
    const width = 16_384;
    const [tokens, window] = [4096, 128];
    const wide = { ...site, dFf: width };
    const buffer = new Float32Array(window * width);
    let most = 0;
    const wideModel: ActivationModel = {
      ...model,
      outputs: [{ site: wide, quantity: 'act' }],
      run: ({ ids }: TokenBatch) => {
        most = Math.max(most, process.memoryUsage().arrayBuffers);
        ids.forEach((id, row) => buffer.fill(id, row * width, (row + 1) * width));
        return Promise.resolve([
          { site: wide, quantity: 'act', values: buffer.subarray(0, ids.length * width), positions: null },
        ]);
      },
    };
    const level = new Float64Array(width);
    const { backgrounds } = background();
    const flat: SiteBackground = {
      ...{ site: wide, quantity: 'act', median: level, q999: level, silent: new Uint8Array(width) },
      histogram: () => backgrounds[0]!.histogram(0),
    };
    const text = 'a'.repeat(3000) + 'z' + 'b'.repeat(tokens);
    const before = process.memoryUsage().arrayBuffers;
    const answer = await answerSelection(
      { text, start: 1, end: text.length, source: null, rows: 3 },
      {
        run: { ...run, model: wideModel, plan: { length: window, stride: window, scoring: 'left' } },
        ...{ tokenizer, backgrounds: [flat], model: 'wide', profile: { profile: 'p', tokens: 1 } },
      },
      never,
    );
    expect(answer.tokens).toHaveLength(tokens);
    expect(answer.rows[0]).toMatchObject({ peak: 2999, value: 'z'.charCodeAt(0) });
    expect(answer.rows[0]!.values.filter((value) => value === 'a'.charCodeAt(0))).toHaveLength(2999 - 23);
    expect(most - before).toBeLessThan((tokens * width * 4) / 8);
  });

  it('says which tokens are outside the population', async () => {
    const { backgrounds } = background();
    const basis = { run, tokenizer, backgrounds, model: 'fake', profile: { profile: 'p', tokens: 1 } };
    const ask = (end: number) =>
      answerSelection({ text: 'abc', start: 0, end, source: null, rows: 1 }, basis, never);
    expect(await ask(1)).toMatchObject({ tokens: [{ leftOut: 'firstPosition' }], rows: [] });
    expect((await ask(2)).tokens).toEqual([
      { start: 0, end: 1, leftOut: 'firstPosition' },
      { start: 1, end: 2 },
    ]);
  });

  it('says that there is no token instead of answering about nothing', async () => {
    const { backgrounds } = background();
    const question = { text: '', start: 0, end: 0, source: null, rows: 5 };
    const basis = { run, tokenizer, backgrounds, model: 'fake', profile: { profile: 'p', tokens: 1 } };
    await expect(answerSelection(question, basis, never)).rejects.toThrow(/no token/);
  });
});

describe('what fires at one token', () => {
  it('gives the strongest by percentile and the chosen neuron with its own', async () => {
    const { corpus, backgrounds } = background();
    const offset = CORPUS.indexOf('fox');
    const text = await tokenizer.tokenize(CORPUS);
    const chosen = { part: 'model', layer: 2, block: null, expert: null, neuron: 3 } as const;
    const answer = await answerToken({ text, offset, chosen, limit: 5 }, { run, backgrounds }, never);
    expect(answer!.token).toEqual({
      id: 'f'.charCodeAt(0),
      start: offset,
      end: offset + 1,
      number: offset + 1,
      of: CORPUS.length,
      leftOut: null,
    });
    expect(answer!.strongest).toHaveLength(5);
    const below = corpus[3]!.filter((value) => value < answer!.chosen!.value).length;
    expect(Math.abs(answer!.chosen!.percentile - (100 * below) / corpus[3]!.length)).toBeLessThan(5);
  });

  it('has nothing to say past the end of the text', async () => {
    const { backgrounds } = background();
    const text = await tokenizer.tokenize('ab');
    expect(
      await answerToken({ text, offset: 2, chosen: null, limit: 5 }, { run, backgrounds }, never),
    ).toBeNull();
  });
});
