import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHandlers } from '../../../src/engine/handlers';
import { Scheduler } from '../../../src/engine/scheduler';
import type { AblationProgress } from '../../../src/protocol/ablationQuestionSchema';
import { ablationAnswerSchema } from '../../../src/protocol/ablationAnswerSchema';
import {
  corpusAblationSchema,
  layerCostsSchema,
  rankedLayerSchema,
} from '../../../src/protocol/ablationRuns';
import { temporaryFolder } from '../../unit/files/temporaryFolder';
import { attributionAnswerSchema, effectAnswerSchema } from '../../../src/protocol/headAnswerSchemas';
import { mostDifferentSchema, promptsAnswerSchema } from '../../../src/protocol/promptsAnswerSchema';
import * as v from 'valibot';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');
const MODEL = path.join(FIXTURES, 'gpt2-optimum-past');

function ask(changes: string[], signal = new AbortController().signal) {
  const told: AblationProgress[] = [];
  const handlers = createHandlers(new Scheduler(), '', '');
  const answer = handlers.ablate(
    {
      ...{ model: MODEL, text: 'The cat sat', changes, at: 'all', controls: 3, seed: 1 },
      generation: { tokens: 3, temperature: 0, topP: 1 },
    },
    { signal, progress: (step) => told.push(step) },
  );
  return { answer, told };
}

describe('an ablation asked of the engine', () => {
  it('answers by its contract: what is measured first, then the continuations as they grow', async () => {
    const { answer, told } = ask(['L1.N7=0']);
    const result = v.parse(ablationAnswerSchema, JSON.parse(JSON.stringify(await answer)));
    expect(result).toEqual(await answer);
    expect(result.controls).toHaveLength(3);
    expect(told[0]).toEqual({ kind: 'measured', answer: { ...result, generated: null } });
    const last = (wanted: 'before' | 'after') =>
      told.flatMap((step) => (step.kind === 'written' && step.side === wanted ? [step.text] : [])).at(-1);
    expect({ before: last('before'), after: last('after') }).toEqual(result.generated);
  });

  it('says what it cannot read, and is not begun where it is superseded', async () => {
    await expect(ask(['L1.N7 off']).answer).rejects.toThrow(/no change that can be made/);
    await expect(ask(['L1.N7=0'], AbortSignal.abort(new Error('superseded'))).answer).rejects.toThrow(
      'superseded',
    );
  });
});

describe('the tokens of a prompt asked of the engine', () => {
  const tokensOf = (model: string, text: string) =>
    createHandlers(new Scheduler(), '', '').promptTokens(
      { model: path.join(FIXTURES, model), text },
      { signal: new AbortController().signal, progress: () => undefined },
    );

  it('are those that the model is given, in places of the text', async () => {
    const text = 'The cat sat';
    const tokens = await tokensOf('gpt2-optimum-past', text);
    expect(tokens.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
    const answer = await ask(['L1.N7=0']).answer;
    expect(answer.loss.map(({ id, start, end }) => [id, start, end])).toEqual(
      tokens.map(({ id, start, end }) => [id, start, end]),
    );
    await expect(tokensOf('gpt2-optimum-past', '')).rejects.toThrow(/no token in the text/);
  });
});

describe('prompts side by side asked of the engine', () => {
  const context = () => ({ signal: new AbortController().signal, progress: () => undefined });
  const patch = { from: 0, to: 1, at: 'last' as const };
  const asked = {
    model: MODEL,
    prompts: ['The cat sat', 'The dog sat'],
    neurons: ['L1.N7'],
    patch,
    controls: 3,
    seed: 1,
  };

  it('answer by their contracts, after one opening', async () => {
    const handlers = createHandlers(new Scheduler(), '', '');
    const answer = await handlers.comparePrompts(asked, context());
    expect(v.parse(promptsAnswerSchema, JSON.parse(JSON.stringify(answer)))).toEqual(answer);
    expect(answer.patch!.controls).toHaveLength(3);
    const difference = {
      model: MODEL,
      from: 'The cat sat',
      to: 'The dog sat',
      profile: null,
      without: ['L1.N7'],
    };
    const most = await handlers.mostDifferent(difference, context());
    expect(v.parse(mostDifferentSchema, JSON.parse(JSON.stringify(most)))).toEqual(most);
  });

  it('say which neuron they cannot read', async () => {
    const handlers = createHandlers(new Scheduler(), '', '');
    const wrong = { ...asked, neurons: ['neuron 7'] };
    await expect(handlers.comparePrompts(wrong, context())).rejects.toThrow(/“neuron 7” is no neuron/);
  });
});

describe('long runs asked of the engine', () => {
  const context = <Step>(steps: Step[] = [], signal = new AbortController().signal) => ({
    signal,
    progress: (step: Step) => steps.push(step),
  });
  const folder = temporaryFolder();
  const corpus = {
    ...{ model: MODEL, exclude: [], changes: ['L1.N7=2'], controls: 3, seed: 1 },
    ...{ limitTokens: 300, profile: null, concept: null },
  };
  const layer = { model: MODEL, text: 'The cat sat', change: 'L1=2', at: 'all', seed: 1 };
  const ablation = {
    ...{ model: MODEL, text: 'The cat sat', at: 'all', controls: 0, seed: 1, generation: null },
    changes: ['L0.N3=0'],
  };

  it('goes over a corpus, while questions about another layer are answered between its batches', async () => {
    for (let file = 0; file < 9; file++)
      await writeFile(path.join(folder.path, `${file}.txt`), `${file} cats sat`);
    const handlers = createHandlers(new Scheduler(), '', '');
    const steps: { done: number; total: number }[] = [];
    const run = handlers.ablateCorpus(
      { ...corpus, inputs: [folder.path], root: folder.path },
      context(steps),
    );
    const order: string[] = [];
    const question = handlers.ablate(ablation, context()).then(() => order.push('question'));
    const answer = await run.finally(() => order.push('run'));
    await question;
    expect(order).toEqual(['question', 'run']);
    expect(v.parse(corpusAblationSchema, JSON.parse(JSON.stringify(answer)))).toEqual(answer);
    expect(answer.documents).toBe(9);
    expect(steps).toEqual(Array.from({ length: 9 }, (_, done) => ({ done, total: 9 })));
  });

  it('ranks the neurons of a layer, by the quantity that is asked for, and says beforehand what that takes', async () => {
    const handlers = createHandlers(new Scheduler(), '', '');
    const costs = await handlers.layerCosts({ model: MODEL, text: layer.text }, context());
    expect(v.parse(layerCostsSchema, costs)).toEqual(costs);
    expect(costs.map(({ layer, neurons }) => [layer, neurons])).toEqual(
      [0, 1, 2].map((at) => [`L${at}`, 128]),
    );
    expect(costs.every(({ seconds }) => seconds > 0)).toBe(true);
    const steps: { done: number; total: number }[] = [];
    const act = await handlers.rankLayer(layer, context(steps));
    expect(v.parse(rankedLayerSchema, JSON.parse(JSON.stringify(act)))).toEqual(act);
    expect(steps.map(({ done }) => done)).toEqual([0, 32, 64, 96]);
    const pre = await handlers.rankLayer({ ...layer, quantity: 'pre' }, context());
    const [first] = pre.ranked;
    const alone = await handlers.ablate(
      { ...ablation, changes: [`${first!.neuron}=2`], quantity: 'pre' },
      context(),
    );
    expect(alone.kl).toBeCloseTo(first!.change, 9);
    expect(act.ranked.find(({ neuron }) => neuron === first!.neuron)!.change).not.toBeCloseTo(
      first!.change,
      6,
    );
  });

  it('stops between two batches where it is cancelled', async () => {
    const stop = new AbortController();
    const steps: { done: number }[] = [];
    const told = {
      signal: stop.signal,
      progress: (step: { done: number }) => {
        steps.push(step);
        stop.abort(new Error('superseded'));
      },
    };
    const handlers = createHandlers(new Scheduler(), '', '');
    await expect(handlers.rankLayer(layer, told)).rejects.toThrow('superseded');
    expect(steps).toHaveLength(1);
  });
});

describe('effects on the output asked of the engine', () => {
  const context = (signal = new AbortController().signal) => ({ signal, progress: () => undefined });

  it('answer by their contracts, one model after another', async () => {
    const handlers = createHandlers(new Scheduler(), '', '');
    const effect = await handlers.effect(
      { model: MODEL, neuron: 'L1.N7', text: null, profile: null, tokens: 3, calibrate: true },
      context(),
    );
    expect(v.parse(effectAnswerSchema, JSON.parse(JSON.stringify(effect)))).toEqual(effect);
    const asked = { model: MODEL, text: 'The cat sat', token: null, against: null, neurons: 5, seed: 1 };
    const attribution = await handlers.attribute(asked, context());
    expect(v.parse(attributionAnswerSchema, JSON.parse(JSON.stringify(attribution)))).toEqual(attribution);
    expect(await handlers.attribute(asked, context())).toEqual(attribution);
    const unchecked = await handlers.attribute({ ...asked, check: false }, context());
    const shares = attribution.neurons.map((neuron) => ({ ...neuron, ablated: null }));
    expect(unchecked).toEqual({ ...attribution, neurons: shares, correlation: null, joint: [] });
  });

  it('say what they cannot read, and are not begun where they are superseded', async () => {
    const handlers = createHandlers(new Scheduler(), '', '');
    const asked = { model: MODEL, text: 'The cat', token: null, against: null, neurons: 5, seed: 1 };
    await expect(
      handlers.attribute(asked, context(AbortSignal.abort(new Error('superseded')))),
    ).rejects.toThrow('superseded');
    const effect = { model: MODEL, text: null, profile: null, tokens: 3, calibrate: false };
    await expect(handlers.effect({ ...effect, neuron: 'neuron 7' }, context())).rejects.toThrow(
      /is no neuron/,
    );
  });
});
