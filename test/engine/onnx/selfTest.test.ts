import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { selfTestLabel, selfTestSentence, type SelfTest } from '../../../src/core/common/selfTest';
import type { ActivationFunction } from '../../../src/core/onnx/site';
import { choosePart, resolveModelPackage } from '../../../src/runtime/models/modelPackage';
import { analysePart } from '../../../src/runtime/onnxruntime/analysedPart';
import { selfTest } from '../../../src/runtime/onnxruntime/selfTest';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');

/** @param activation what the finder is made to believe instead of what it found */
async function test(fixture: string, activation?: ActivationFunction): Promise<SelfTest> {
  const modelPackage = await resolveModelPackage(path.join(FIXTURES, fixture), { embeddedModel: '' });
  const analysed = await analysePart(modelPackage, choosePart(modelPackage, undefined));
  const sites = analysed.analysis.sites.map(({ site, source }) => ({
    site: activation === undefined ? site : { ...site, activation },
    source,
  }));
  return selfTest(modelPackage, { ...analysed, analysis: { ...analysed.analysis, sites } });
}

describe('the self-test recomputes FFNs from their own input and matrices', () => {
  it.each([
    'gpt2-optimum-past',
    'bert-optimum',
    'bert-left',
    'llama-optimum-past',
    'llama-func',
    'opt-optimum-past',
    'dinov2-swiglu-legacy17',
    'roberta-ext',
  ])('%s agrees', async (fixture) => {
    const result = await test(fixture);
    expect(result.passed).toBe(true);
    expect(result.largestDifference).toBeLessThan(1e-5);
    expect(result.checks.every(({ reason }) => reason === null)).toBe(true);
  });

  it.each([
    ['qwen2-q4', 2e-5],
    ['llama-bnb4', 2e-5],
    ['phi3-genai-int4', 0.1],
  ])('%s agrees, its 4-bit blocks unpacked', async (fixture, most) => {
    const result = await test(fixture);
    expect(result.passed).toBe(true);
    expect(result.largestDifference).toBeLessThan(most);
    expect(result.checks.every(({ reason }) => reason === null)).toBe(true);
  });

  it('finds an FFN that is not what it is taken for, and says by how much', async () => {
    const result = await test('bert-optimum', 'gelu_quick');
    expect(result.passed).toBe(false);
    // The largest distance of erf and quick GELU (docs/methods.md).
    expect(result.largestDifference).toBeCloseTo(0.02, 3);
    expect(selfTestLabel(result)).toBe('Self-test failed · 0.0203');
    expect(selfTestSentence(result)).toMatch(
      /^L0 differs by 0\.020\d from what its own matrices give, of which rounding explains .*; L1 differs/,
    );
  });

  it.each([
    ['bert-q8', 'its weights are rounded'],
    ['qwen3_moe-optimum', 'an expert sees only some tokens'],
    ['bert-qdq', 'its activations are rounded on the way'],
    ['segformer-optimum', 'a convolution stands in it'],
  ])('%s is not checked, and the reason is given', async (fixture, reason) => {
    const result = await test(fixture);
    expect(result.passed).toBeNull();
    expect(selfTestLabel(result)).toBe('Not self-tested');
    expect(selfTestSentence(result)).toContain(reason);
  });
});
