import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNeuron } from '../../../src/core/common/neuronAddress';
import { effectOf } from '../../../src/runtime/cause/effect';
import { HeadModel } from '../../../src/runtime/cause/headModel';
import { towardToken, weightFigures } from '../../../src/runtime/cause/weightFigures';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');
const { signal } = new AbortController();

describe('figures of the weights of all neurons', () => {
  it.each([
    ['gpt2-optimum-past', 'L1.N7'],
    ['llama-genai-fp32', 'L2.N11'],
    ['t5-q8-merged', 'dec:L0.N3'],
  ])('of %s are those that the effect of one neuron shows', async (fixture, name) => {
    const address = parseNeuron(name)!;
    const model = await HeadModel.open(
      { model: path.join(FIXTURES, fixture), embeddedModel: '' },
      address.part,
    );
    try {
      const question = { address, text: null, profile: null, tokens: 3, calibrate: false };
      const { weights, shape } = await effectOf(model, question, signal);
      for (const { id, effect } of [...weights!.promoted, ...weights!.suppressed]) {
        expect((await towardToken(model, id, signal)).get(name)).toBeCloseTo(effect, 4);
      }
      const own = (await weightFigures(model, signal)).get(name)!;
      expect(own.outNorm).toBeCloseTo(shape.outNorm, 5);
      expect(own.cosine ?? 0).toBeCloseTo(shape.cosine ?? 0, 5);
      expect(own.vocabularyKurtosis).toBeCloseTo(shape.kurtosis!, 3);
      expect(own.vocabularySkewness).toBeCloseTo(shape.skewness!, 3);
    } finally {
      await model.dispose();
    }
  });

  it('are refused where a transform stands before the unembedding', async () => {
    const model = await HeadModel.open(
      { model: path.join(FIXTURES, 'roberta-ext'), embeddedModel: '' },
      null,
    );
    try {
      await expect(towardToken(model, 5, signal)).rejects.toThrow(/More than a norm/);
      await expect(weightFigures(model, signal)).rejects.toThrow(/More than a norm/);
    } finally {
      await model.dispose();
    }
  });
});
