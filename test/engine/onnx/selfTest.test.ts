import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveModelPackage } from '../../../src/runtime/models/modelPackage';
import { selfTest, type SelfTest } from '../../../src/runtime/onnxruntime/selfTest';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');

async function test(fixture: string): Promise<SelfTest> {
  return selfTest(await resolveModelPackage(path.join(FIXTURES, fixture), { embeddedModel: '' }));
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
    ['llama-bnb4', 'its weights are packed or rounded'],
    ['qwen3_moe-optimum', 'an expert sees only some tokens'],
    ['bert-qdq', 'its activations are rounded on the way'],
    ['segformer-optimum', 'a convolution stands in it'],
  ])('%s is not checked, and the reason is given', async (fixture, reason) => {
    const result = await test(fixture);
    expect(result.passed).toBeNull();
    expect(result.checks.map((check) => check.reason)).toContain(reason);
  });
});
