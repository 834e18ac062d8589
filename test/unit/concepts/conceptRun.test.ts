import { describe, expect, it } from 'vitest';
import { formatCount } from '../../../src/core/common/numberFormat';
import { randomOf, wholeBelow } from '../../../src/core/common/random';
import { readConcepts, writeConcepts } from '../../../src/core/concepts/conceptsAnnex';
import { openConcept } from '../../../src/core/concepts/conceptReading';
import type { ConceptProgress } from '../../../src/core/concepts/conceptRequest';
import { leftOutSentence } from '../../../src/core/concepts/conceptResults';
import { rankAgreement } from '../../../src/core/concepts/statistics/agreement';
import { benjaminiHochberg } from '../../../src/core/concepts/statistics/falseDiscovery';
import { runConcepts } from '../../../src/core/concepts/conceptRun';
import { onlyConcepts } from '../../../src/core/concepts/labels/family';
import { starterSet } from '../../../src/core/concepts/labels/starterSet';
import type { OwnConcept } from '../../../src/core/concepts/own/ownConcept';
import { OwnFamily, withOwn } from '../../../src/core/concepts/own/ownFamily';
import type { ActivationModel } from '../../../src/core/onnx/activationModel';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { readManifest } from '../../../src/core/profile/manifestFile';
import { StoredProfile } from '../../../src/core/profile/storedProfile';
import type { Tokenizer } from '../../../src/core/text/tokenizer';
import { contentHash } from '../../../src/runtime/files/hashFile';
import { fakeModel, requestFor, SILENT, zlib } from '../pipeline/fakes';
import { ffnTable } from '../profile/syntheticSegment';
import { plainByteProduct, plainProduct } from './plainProduct';
import { gaussian } from './simulatedCorpus';

const WORDS = [
  'river',
  'stone',
  'Anna',
  'Berlin',
  'walks',
  'green',
  '17',
  '4',
  ',',
  '"',
  'under',
  'Paris',
  '2026',
  'sea',
  'not',
];
const QUOTE = '"';
const NEURONS = 24;
/** What stands after "not", and nothing that a token by itself tells. */
const AFTER_NOT: OwnConcept = { kind: 'regex', name: 'after not', pattern: '(?<=\\bnot )\\S+' };
const CONCEPTS = ['after not', 'digits', 'capitalised words', 'inside quotation marks', 'commas'];

/** Words in quotes come in stretches, so that no token alone tells them. */
function texts(): Record<string, string> {
  const random = randomOf('texts');
  return Object.fromEntries(
    Array.from({ length: 44 }, (_, file) => {
      const words = Array.from({ length: 130 }, () => WORDS[wholeBelow(random, WORDS.length)]!);
      // A quotation that never ends is none.
      if (words.filter((word) => word === QUOTE).length % 2 === 1) words.push(QUOTE);
      return [`${String(file).padStart(3, '0')}.txt`, words.join(' ')];
    }),
  );
}

const tokenizer: Tokenizer = {
  sha256: 'words',
  vocabularySize: 100,
  frame: { before: [1], after: [] },
  pieceOf: (id) => WORDS[id - 10] ?? '',
  tokenize: (text) => {
    const pieces = [...text.matchAll(/\S+/g)];
    return Promise.resolve({
      ids: Uint32Array.from(pieces, ([piece]) => 10 + WORDS.indexOf(piece)),
      starts: Uint32Array.from(pieces, ({ index }) => index),
      ends: Uint32Array.from(pieces, ({ index, 0: piece }) => index + piece.length),
      special: new Uint8Array(pieces.length),
      unknown: new Uint8Array(pieces.length),
    });
  },
};

/** Neuron 3 carries digits, 5 capitals, 7 what is in quotes, 9 digits and commas, 11 no digit, 13 what follows "not"; the others noise. */
function plantedModel(planted: boolean): ActivationModel {
  const output = ffnTable(0, NEURONS);
  return fakeModel({
    outputs: [output],
    sites: [output.site],
    maximumLength: 512,
    run: (batch) => {
      const values = new Float32Array(batch.rows * batch.width * NEURONS);
      for (let row = 0; row < batch.rows; row++) {
        let quoted = false;
        for (let position = 0; position < batch.width; position++) {
          const at = row * batch.width + position;
          const word = WORDS[batch.ids[at]! - 10] ?? '';
          const isMark = word === '"';
          const inside = quoted && !isMark;
          if (isMark) quoted = !quoted;
          const noise = randomOf(`${row} ${position} ${batch.ids.slice(Math.max(0, at - 4), at + 1).join()}`);
          for (let neuron = 0; neuron < NEURONS; neuron++)
            values[at * NEURONS + neuron] = 0.3 * gaussian(noise);
          if (!planted) continue;
          const add = (neuron: number, holds: boolean) => (values[at * NEURONS + neuron]! += holds ? 2 : 0);
          add(3, /\d/.test(word));
          add(5, /^[A-Z]/.test(word));
          add(7, inside);
          add(9, /\d|,/.test(word));
          add(11, !/\d/.test(word));
          add(13, position > 0 && WORDS[batch.ids[at - 1]! - 10] === 'not');
        }
      }
      return Promise.resolve([{ ...output, values, positions: null }]);
    },
  });
}

/** Of a labeller that none of the concepts rests on. */
const unasked = () => Promise.reject(new Error('It should not be asked.'));

async function tested(
  planted: boolean,
  heard: (progress: ConceptProgress, stop: () => void) => void = () => undefined,
  valueBytes = 2 ** 20,
  room?: number,
) {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('stopped here'));
  const plan = { ...requestFor({}).plan, window: 256, stride: 224, layers: [0, 0] as [number, number] };
  const model = plantedModel(planted);
  const request = requestFor(texts(), { model, tokenizer, plan, batchTokens: 1024 });
  await runProfile(request, SILENT, new AbortController().signal);
  const stored = await StoredProfile.open(request.store, zlib);
  const concepts = await runConcepts(
    {
      stored,
      model,
      tokenizer,
      labellers: {
        tag: unasked,
        parseCode: unasked,
        parseMarkup: unasked,
        search: (text, pattern, flags) =>
          Promise.resolve(
            Array.from(text.matchAll(new RegExp(pattern, flags)), ({ index, 0: found }) => ({
              start: index,
              end: index + found.length,
            })),
          ),
        renderChat: () => Promise.resolve(null),
      },
      product: plainProduct,
      byteProduct: plainByteProduct,
      families: (files) => onlyConcepts(withOwn(new OwnFamily([AFTER_NOT]), starterSet(files)), CONCEPTS),
      neurons: 4,
      strict: false,
      layers: null,
      batchTokens: 1024,
      valueBytes,
      ...(room !== undefined && { room }),
      clock: () => 0,
    },
    (progress) => heard(progress, stop),
    controller.signal,
  );
  return { ...concepts, stored, store: request.store };
}

function areaUnder(roc: readonly number[]): number {
  let area = 0;
  for (let i = 2; i < roc.length; i += 2) area += ((roc[i]! - roc[i - 2]!) * (roc[i + 1]! + roc[i - 1]!)) / 2;
  return area;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('concepts against all neurons', () => {
  it('find the neurons that carry them, on documents that took no part in the choice', async () => {
    const { results } = await tested(true);
    const best = (name: string) => results.concepts.find((concept) => concept.name === name)!.neurons;
    for (const [name, neuron, named] of [
      ['capitalised words', 'L0.N5', true],
      ['inside quotation marks', 'L0.N7', true],
      // Of fifteen types none is rarer than what stands after one: its control is a type that a neuron carries.
      ['after not', 'L0.N13', false],
    ] as const) {
      expect(best(name)[0]).toMatchObject({ id: neuron, named });
      expect(best(name)[0]!.auroc).toBeGreaterThan(0.99);
      expect(best(name)[0]!.ap).toBeGreaterThan(0.98);
    }
    // They stand in the order of half A, of which the three orders are kept; q is made of all p at once.
    const all = results.concepts.flatMap(({ neurons }) => neurons);
    for (const { neurons, agreement } of results.concepts) {
      const strengths = neurons.map(({ onA }) => Math.abs(onA!.auroc - 0.5));
      expect(strengths).toEqual([...strengths].sort((one, other) => other - one));
      const [aurocs, aps] = [strengths, neurons.map(({ onA }) => onA!.ap)];
      expect(rankAgreement(aurocs, aps)).toBeCloseTo(agreement[0] ?? NaN, 10);
    }
    expect(all.map(({ q }) => q)).toEqual(benjaminiHochberg(all.map(({ p }) => p!)));
    // A layer knows what its best neuron does.
    for (const { many } of results.concepts) {
      expect(many!.whole).toMatchObject({ layer: 'L0', neurons: NEURONS });
      expect(many!.whole!.auroc).toBeGreaterThan(0.98);
    }
    const digits = new Map(best('digits').map((neuron) => [neuron.id, neuron]));
    expect(digits.get('L0.N3')!.auroc).toBeGreaterThan(0.99);
    expect(digits.get('L0.N11')!.auroc).toBeLessThan(0.01);
    expect(digits.get('L0.N11')!.ap).toBeGreaterThan(0.98);
    // Of the neuron with two meanings digits are the larger part.
    expect(best('commas').find(({ id }) => id === 'L0.N9')!.auroc).toBeGreaterThan(0.85);
    expect(results.names['L0.N5']).toMatchObject({ concept: 'capitalised words' });
    expect(results.names['L0.N0']).toBeUndefined();
    expect(results.halves).toMatchObject({ documents: { a: 22, b: 22 }, cut: false });
  });

  it('are tested on as many documents as their values find room for, and the result says what was left out', async () => {
    const whole = (await tested(true)).results;
    // Four concepts and eleven neurons each are more than there are: 24 neurons, 4 bytes a token.
    const { results } = await tested(true, () => undefined, 4 * NEURONS * 4_000);
    const { tokens, documents, leftOut } = results.halves;
    expect(whole.halves.leftOut).toBeUndefined();
    expect(tokens.a + tokens.b).toBeGreaterThanOrEqual(4_000);
    expect(tokens.a + tokens.b).toBeLessThan(4_200);
    expect(tokens.a + tokens.b + leftOut!).toBe(whole.halves.tokens.a + whole.halves.tokens.b);
    expect(documents.a + documents.b).toBeLessThan(44);
    // A control of fewer neurons has the halves of its test.
    expect(results.halves.room).toBe(NEURONS);
    const beside = await tested(true, () => undefined, 2 * 4 * NEURONS * 4_000, 2 * NEURONS);
    expect(beside.results.halves).toEqual({ ...results.halves, room: 2 * NEURONS });
    expect(leftOutSentence(whole)).toBeNull();
    expect(leftOutSentence(results)).toContain(
      `${formatCount(leftOut!)} tokens of further documents were left out`,
    );
    expect(results.names['L0.N5']).toMatchObject({ concept: 'capitalised words' });
  });

  it('are kept beside the profile, each with what its page shows in a file of its own', async () => {
    const { results, evidence, stored, store } = await tested(true);
    expect(await readConcepts(store, stored.manifest)).toBeNull();
    await writeConcepts(store, contentHash, { results, evidence });
    const manifest = await readManifest(store);
    expect(await readConcepts(store, manifest)).toEqual(results);
    const open = (name: string) =>
      openConcept(store, manifest, stored, name, ({ file }) =>
        Promise.resolve(file === '000.txt' ? 'changed' : 'same'),
      );
    expect(await open('no such concept')).toBeNull();
    const { concept, neuron } = (await open('digits'))!;
    expect(concept).toEqual(results.concepts.find(({ name }) => name === 'digits'));
    await expect(neuron('L0.N0')).rejects.toThrow('L0.N0 is not among the neurons of "digits".');
    for (const id of ['L0.N3', 'L0.N11']) {
      const shown = await neuron(id);
      const figures = concept.neurons.find((one) => one.id === id)!;
      const { hits, misses, falseAlarms } = shown.counts;
      expect(hits + misses).toBe(concept.positives.b);
      expect(hits / (hits + misses)).toBeCloseTo(figures.recall, 10);
      expect(hits / (hits + falseAlarms)).toBeCloseTo(figures.precision, 10);
      expect(areaUnder(shown.roc)).toBeCloseTo(Math.max(figures.auroc, 1 - figures.auroc), 2);
      const { positives, others, edges } = shown.histogram;
      expect(sum(positives)).toBe(concept.positives.b);
      expect(sum(others)).toBe(results.halves.tokens.b - concept.positives.b);
      expect(edges.length).toBe(positives.length + 1);
      const { examples } = shown;
      expect(examples.hits.length).toBe(8);
      for (const { token, value, stale, file, context } of examples.hits) {
        expect(token).toMatch(/^\d+$/);
        expect(id === 'L0.N3' ? value >= figures.threshold : value <= figures.threshold).toBe(true);
        expect(stale).toBe(file === '000.txt');
        expect(context.tokens.length).toBeGreaterThan(8);
        expect(context.tokens.every(({ value: near }) => near !== null || context.start === 0)).toBe(true);
      }
      for (const { token } of examples.falseAlarms) expect(token).not.toMatch(/\d/);
      for (const { token } of examples.misses) expect(token).toMatch(/^\d+$/);
    }
  });

  it('are kept as far as they were measured when a run is stopped, and the rest says so', async () => {
    const { results, evidence } = await tested(true, (progress, stop) => {
      if (progress.step === 'figures' && progress.done === 2) stop();
    });
    expect(results.partial).toBe(true);
    const measured = results.concepts.filter(({ neurons }) => neurons.length > 0);
    expect(measured).toHaveLength(2);
    expect([...evidence.keys()].sort()).toEqual(measured.map(({ name }) => name).sort());
    for (const { neurons, refused } of results.concepts) {
      expect(refused).toBe(neurons.length > 0 ? null : 'the run was stopped before it was measured');
    }
    await expect(
      tested(true, (progress, stop) => {
        if (progress.step === 'choosing') stop();
      }),
    ).rejects.toThrow('stopped here');
  });

  it('name none where nothing goes with them', async () => {
    const { results } = await tested(false);
    expect(results.names).toEqual({});
    for (const { neurons } of results.concepts) {
      for (const { auroc } of neurons) expect(Math.abs(auroc - 0.5)).toBeLessThan(0.1);
    }
  });
});
