import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EffectAnswer } from '../../../src/core/cause/effectAnswer';
import { parseNeuron } from '../../../src/core/common/neuronAddress';
import { unchanged } from '../../../src/core/cause/change';
import { correlationOf } from '../../../src/core/cause/vocabularyEffect';
import { openCause } from '../../../src/runtime/cause/openCause';
import { promptOf } from '../../../src/runtime/cause/wholeModel';
import { effectOf, type EffectQuestion } from '../../../src/runtime/cause/effect';
import { HeadModel } from '../../../src/runtime/cause/headModel';
import { openProfileFolder } from '../../../src/runtime/profiles/openProfileFolder';
import { profileCorpus } from '../../../src/runtime/profiling/profileCorpus';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');

/** By numpy from the weights in PyTorch (tools/check/effect_against_torch.py). */
const ORACLE = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../fixtures/cause/effects.json'), 'utf8'),
) as Readonly<Record<string, { neuron: string; promoted: number[]; effects: number[] }>>;

async function effect(
  fixture: string,
  neuron: string,
  more: Partial<EffectQuestion> = {},
): Promise<EffectAnswer> {
  const address = parseNeuron(neuron)!;
  const model = await HeadModel.open(
    { model: path.join(FIXTURES, fixture), embeddedModel: '' },
    address.part,
  );
  try {
    const question = { address, text: null, profile: null, tokens: 5, calibrate: false, ...more };
    return await effectOf(model, question, new AbortController().signal);
  } finally {
    await model.dispose();
  }
}

describe('the effect of a neuron on the output', () => {
  it.each(Object.keys(ORACLE))('through the weights of %s is what numpy says', async (fixture) => {
    const { neuron, promoted, effects } = ORACLE[fixture]!;
    const { weights } = await effect(fixture, neuron);
    expect(weights!.promoted.map(({ id }) => id)).toEqual(promoted);
    weights!.promoted.forEach((token, at) => expect(token.effect).toBeCloseTo(effects[at]!, 4));
  });

  // In the last layer nothing but the head comes after a neuron: an ablation does exactly what the head says.
  it.each([
    ['gpt2-optimum-past', 'L1.N7'],
    ['gpt2-fp16', 'L1.N7'],
    ['llama-bnb4', 'L1.N7'],
    ['llama-genai-fp32', 'L1.N7'],
    ['phi3-genai-int4', 'L0.N7'],
    ['qwen2-q4', 'L1.N7'],
    ['t5-dynamo18', 'dec:L1.N7'],
    ['t5-q8-merged', 'dec:L1.N7'],
    ['roberta-ext', 'L1.N7'],
  ])('through the head of %s is what an ablation in its last layer does', async (fixture, neuron) => {
    const { calibration } = await effect(fixture, neuron, { calibrate: true });
    expect(calibration!.at(-1)!.head).toBeGreaterThan(0.998);
  });

  it.each(['qwen3_moe-optimum', 'qwen3_moe-tf5-dynamo20'])(
    'of an expert of %s goes with what an ablation does where it is largest, which the router only scales',
    async (fixture) => {
      const text = 'The cat sat on the mat and looked at the dog';
      const neuron = parseNeuron('L1.E1.N7')!;
      const { head, strengthOf } = await effect(fixture, 'L1.E1.N7', { text, tokens: 512 });
      expect(strengthOf).toBe('text');
      const said = new Map(head.promoted.map(({ id, effect }) => [id, effect]));
      expect(said.size).toBe(512);
      const cause = await openCause({
        ...{ model: path.join(FIXTURES, fixture), embeddedModel: '' },
        addresses: [neuron],
      });
      try {
        const prompt = await promptOf(cause, text);
        const own = (await cause.original.run(prompt)).activationsOf(neuron);
        // The first token, which much of attention sinks to, is no part of an effect.
        const sizes = Array.from(prompt.ids, (_, token) => (token === 0 ? NaN : own[token * 48 + 7]!));
        const size = (token: number): number => (Number.isNaN(sizes[token]) ? 0 : Math.abs(sizes[token]!));
        const top = [...sizes.keys()].sort((one, other) => size(other) - size(one))[0]!;
        const at = Uint8Array.from(prompt.ids, (_, token) => Number(token === top));
        const rows = [[], [{ ...unchanged(neuron), scale: 0 }]].map((changes) => ({ changes, at }));
        const [before, after] = await cause.changeable.run(prompt, rows, 512);
        const sum = new Float64Array(512);
        before!.values.forEach(
          (value, place) => (sum[place % 512]! += Math.sign(sizes[top]!) * (value - after!.values[place]!)),
        );
        expect(
          correlationOf(
            [...said.values()],
            [...said.keys()].map((id) => sum[id]!),
          ),
        ).toBeGreaterThan(0.95);
      } finally {
        await cause.dispose();
      }
    },
  );

  it('of a neuron that a profile knows as silent is that of an activation of 1, and said so', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'effect-'));
    const [text, profile] = [path.join(folder, 'a.txt'), path.join(folder, 'profile')];
    await writeFile(
      text,
      'the quick brown fox jumps over the lazy dog and runs away from all of it, as foxes do',
    );
    try {
      await profileCorpus(
        {
          ...{ inputs: [text], root: folder, out: profile, include: [], exclude: [], quantity: ['act'] },
          ...{
            model: path.join(FIXTURES, 'opt-optimum-past'),
            embeddedModel: '',
            tested: false,
            tool: 'test',
          },
          ...{
            seed: 1,
            keepText: true,
            resume: false,
            overwrite: false,
            keepSpecial: false,
            keepSinks: false,
          },
        },
        { notice: () => undefined, progress: () => undefined, saved: () => undefined },
        new AbortController().signal,
      );
      const opened = await openProfileFolder(profile);
      const [loudest] = await opened.neurons({ sort: 'max', layer: 1, offset: 0, limit: 1 });
      const rows = await opened.neurons({ sort: 'max', layer: 1, offset: 0, limit: Infinity });
      await opened.close();
      const silent = rows.find(({ max }) => max === 0)!;
      const none = await effect('opt-optimum-past', silent.id, { profile });
      expect([none.strength, none.strengthOf]).toEqual([1, 'one']);
      expect(none.notices.join()).toContain(`${silent.id} is silent in the profile`);
      expect(none.head.promoted[0]!.effect).toBeGreaterThan(0);
      const loud = await effect('opt-optimum-past', loudest!.id, { profile });
      expect(loud.strengthOf).toBe('profile');
      expect(loud.strength).toBeGreaterThan(0);
      expect(loud.strength).toBeLessThanOrEqual(loudest!.max!);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says what stands against it', async () => {
    await expect(effect('bert-optimum', 'L1.N7')).rejects.toThrow(
      /no head over its vocabulary: .* hidden states/,
    );
    await expect(effect('bert-optimum', 'L1.N7')).rejects.toMatchObject({ code: 'no-head' });
    await expect(effect('gpt2-optimum-past', 'L1.N7000')).rejects.toThrow(/has no neuron L1.N7000/);
    await expect(effect('gpt2-optimum-past', 'L9.N7')).rejects.toThrow(/has no layer L9/);
    await expect(effect('gpt2-optimum-past', 'L1.N7', { text: '' })).rejects.toThrow(/no token in the text/);
    await expect(effect('gpt2-optimum-past', 'L1.N7', { text: 'word '.repeat(3000) })).rejects.toThrow(
      /takes \d+/,
    );
    const transformed = await effect('roberta-ext', 'L1.N7');
    expect(transformed.weights).toBeNull();
    expect(transformed.weightsReason).toMatch(/more than a norm/);
    expect(transformed.notices.join()).toMatch(/post-norm/);
  });
});
