import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHandlers } from '../../../src/engine/handlers';
import { Scheduler } from '../../../src/engine/scheduler';
import { ChangeableSession } from '../../../src/runtime/onnxruntime/changeableSession';

const MODELS = path.join(import.meta.dirname, '../../fixtures/onnx');
const text = 'The cat sat';

/** Models that were opened for changes, and those of them that still are. */
const opened = new Set<ChangeableSession>();
const open = new Set<ChangeableSession>();

beforeEach(() => {
  const openOne = ChangeableSession.open.bind(ChangeableSession);
  vi.spyOn(ChangeableSession, 'open').mockImplementation(async (...asked) => {
    const session = await openOne(...asked);
    opened.add(session);
    open.add(session);
    const dispose = session.dispose.bind(session);
    session.dispose = () => {
      open.delete(session);
      return dispose();
    };
    return session;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  opened.clear();
  open.clear();
});

function questions(name: string) {
  const handlers = createHandlers(new Scheduler(), '', '');
  const model = path.join(MODELS, name);
  const context = () => ({ signal: new AbortController().signal, progress: () => undefined });
  return {
    steer: (change: string, quantity: 'act' | 'pre' = 'act') =>
      handlers.ablate(
        { model, text, changes: [change], at: 'all', controls: 3, seed: 1, generation: null, quantity },
        context(),
      ),
    costs: () => handlers.layerCosts({ model, text }, context()),
    rank: () => handlers.rankLayer({ model, text, change: 'L2=0', at: 'last', seed: 1 }, context()),
    prompts: (neuron: string) =>
      handlers.comparePrompts(
        {
          ...{ model, prompts: [text, 'The dog sat'], neurons: [neuron], controls: 3, seed: 1 },
          patch: { from: 0, to: 1, at: 'last' },
        },
        context(),
      ),
    differ: () =>
      handlers.mostDifferent({ model, from: text, to: 'The dog sat', profile: null, without: [] }, context()),
    attribute: () =>
      handlers.attribute({ model, text, token: null, against: null, neurons: 5, seed: 1 }, context()),
    calibrate: () =>
      handlers.effect(
        { model, neuron: 'L1.N7', text: null, profile: null, tokens: 3, calibrate: true },
        context(),
      ),
  };
}

describe('a model that is open for changes', () => {
  it('is opened once for all pages, whichever layers they ask about, and answers as one opened for each', async () => {
    const alone = [
      await questions('gpt2-optimum-past').prompts('L1.N7'),
      await questions('gpt2-optimum-past').attribute(),
      await questions('gpt2-optimum-past').calibrate(),
      await questions('gpt2-optimum-past').steer('L0.N3=0'),
    ];
    const one = questions('gpt2-optimum-past');
    await one.steer('L1.N7=0');
    const known = opened.size;
    const together = [
      await one.prompts('L1.N7'),
      await one.attribute(),
      await one.calibrate(),
      await one.steer('L0.N3=0'),
    ];
    await one.costs();
    await one.rank();
    await one.differ();
    expect(opened.size).toBe(known);
    expect(together).toEqual(alone);
  });

  it('takes the place of the copy that an attribution had of its own', async () => {
    const one = questions('gpt2-optimum-past');
    const first = await one.attribute();
    expect(open.size).toBe(1);
    await one.steer('L1.N7=0');
    expect(open.size).toBe(1);
    expect(await one.attribute()).toEqual(first);
    expect(open.size).toBe(1);
  });

  it('stays open where a neuron is asked about that it does not have', async () => {
    const one = questions('gpt2-optimum-past');
    const answer = await one.steer('L1.N7=0');
    const known = opened.size;
    await expect(one.steer('L1.N9999=0')).rejects.toThrow(/has no neuron L1.N9999: the layer has 128/);
    await expect(one.prompts('L77.N1')).rejects.toThrow(/has no layer L77/);
    expect(await one.steer('L1.N7=0')).toEqual(answer);
    expect(opened.size).toBe(known);
  });

  it('is another one for another quantity, as what is changed is another tensor', async () => {
    const one = questions('gpt2-optimum-past');
    const act = await one.steer('L1.N7=2');
    const pre = await one.steer('L1.N7=2', 'pre');
    expect(pre.kl).not.toBeCloseTo(act.kl!, 6);
    expect(await one.steer('L1.N7=2')).toEqual(act);
  });

  it.each(['t5-dynamo18', 't5-q8-merged'])('is another one for the other stack of %s', async (name) => {
    const one = questions(name);
    const encoder = await one.steer('enc:L0.N3=0');
    const decoder = await one.steer('dec:L0.N3=0');
    expect(decoder.kl).not.toBe(encoder.kl);
    expect(await one.steer('enc:L1.N3=0')).toEqual(await questions(name).steer('enc:L1.N3=0'));
    expect(await one.steer('dec:L0.N3=0')).toEqual(decoder);
    expect((await one.costs()).map(({ layer }) => layer)).toContain('dec:L0');
  });

  it('for an expert does not stand in for one of all layers', async () => {
    const refused = await questions('qwen3_moe-optimum').prompts('L0.E1.N3').then(String, String);
    const one = questions('qwen3_moe-optimum');
    await one.steer('L0.E1.N3=0');
    const known = opened.size;
    await one.steer('L0.E1.N4=0');
    expect(opened.size).toBe(known);
    expect(refused).toMatch(/experts/);
    expect(await one.prompts('L0.E1.N3').then(String, String)).toBe(refused);
  });
});
