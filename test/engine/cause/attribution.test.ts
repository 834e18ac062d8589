import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AttributionAnswer } from '../../../src/core/cause/attributionAnswer';
import { attributeToken, type AttributionQuestion } from '../../../src/runtime/cause/attribution';
import { HeadModel } from '../../../src/runtime/cause/headModel';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');

async function attribute(
  fixture: string,
  more: Partial<AttributionQuestion> = {},
): Promise<AttributionAnswer> {
  const model = await HeadModel.open({ model: path.join(FIXTURES, fixture), embeddedModel: '' }, null);
  try {
    const question = { text: 'The cat sat on', token: null, against: null, neurons: 12, seed: 1, ...more };
    return await attributeToken(model, question, new AbortController().signal);
  } finally {
    await model.dispose();
  }
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

describe('what wrote a token', () => {
  it.each([
    ['gpt2-optimum-past', 1e-4],
    ['gpt2-fp16', 2e-2],
    ['opt-optimum-past', 1e-4],
    ['llama-optimum-past', 1e-4],
    ['llama-genai-fp32', 1e-4],
    ['llama-bnb4', 1e-4],
    ['qwen2-q4', 1e-4],
    ['t5-dynamo18', 1e-4],
    ['t5-q8-merged', 1e-4],
  ])('of %s adds up to its logit', async (fixture, allowed) => {
    const { logit, sum, residue, embedding, attention, ffn, bias, neurons, joint } = await attribute(
      fixture,
      {
        decoderText: 'the',
      },
    );
    expect(embedding + total(attention) + total(ffn) + bias).toBeCloseTo(sum, 9);
    expect(Math.abs(logit - sum)).toBeLessThan(allowed);
    expect(residue).toBe(logit - sum);
    expect(neurons).toHaveLength(12);
    const sizes = neurons.map(({ direct }) => Math.abs(direct));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(joint.map(({ k }) => k)).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
    expect(joint[0]!.chosen).toBeCloseTo(neurons[0]!.ablated!, 3);
  });

  it('of one token against another is the difference of the two', async () => {
    const one = await attribute('llama-optimum-past', { token: '#40' });
    const other = await attribute('llama-optimum-past', { token: '#41' });
    const both = await attribute('llama-optimum-past', { token: '#40', against: '#41' });
    expect(both.logit).toBeCloseTo(one.logit - other.logit, 5);
    both.ffn.forEach((share, at) => expect(share).toBeCloseTo(one.ffn[at]! - other.ffn[at]!, 5));
    expect(both.against).toMatchObject({ id: 41 });
  });

  it('of all neurons of a layer adds up to the share of a layer without a bias', async () => {
    const { neurons, ffn } = await attribute('llama-optimum-past', { neurons: 10_000 });
    ffn.forEach((share, layer) => {
      const own = neurons.filter(({ id }) => id.startsWith(`L${layer}.`));
      expect(total(own.map(({ direct }) => direct))).toBeCloseTo(share, 4);
    });
  });

  it('says what stands against it', async () => {
    const refused = (fixture: string, more: Partial<AttributionQuestion> = {}) => attribute(fixture, more);
    await expect(refused('roberta-ext')).rejects.toThrow(/post-norm/);
    await expect(refused('qwen3_moe-optimum')).rejects.toThrow(/mixtures of experts/);
    await expect(refused('bert-optimum')).rejects.toThrow(/no head over its vocabulary/);
    await expect(refused('gpt2-optimum-past', { text: '' })).rejects.toThrow(/no token in the text/);
    await expect(refused('gpt2-optimum-past', { text: 'word '.repeat(3000) })).rejects.toThrow(/takes \d+/);
    await expect(refused('gpt2-optimum-past', { token: 'zebra crossing' })).rejects.toThrow(
      /is not one token/,
    );
    await expect(refused('gpt2-optimum-past', { token: '#512' })).rejects.toThrow(/has 512, counted from 0/);
    await expect(refused('gpt2-optimum-past', { against: '' })).rejects.toThrow(/is not one token/);
  });
});
