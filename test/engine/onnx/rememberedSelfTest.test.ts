import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SelfTest } from '../../../src/core/common/selfTest';
import { resolveModelPackage } from '../../../src/runtime/models/modelPackage';
import { analysePart } from '../../../src/runtime/onnxruntime/analysedPart';
import {
  rememberedSelfTest,
  type SelfTestOptions,
} from '../../../src/runtime/onnxruntime/rememberedSelfTest';
import { temporaryFolder } from '../../unit/files/temporaryFolder';

const FIXTURE = path.join(import.meta.dirname, '../../fixtures/onnx/opt-optimum-past');
const folder = temporaryFolder();
beforeEach(() => vi.stubEnv('NEURON_LENS_CACHE', path.join(folder.path, 'cache')));
afterEach(() => vi.unstubAllEnvs());

/** @param taken the finder is made to take the FFNs for others, so that a test that is run now fails */
async function test(taken: 'right' | 'wrong', options: SelfTestOptions = {}): Promise<SelfTest> {
  const modelPackage = await resolveModelPackage(FIXTURE, { embeddedModel: '' });
  const analysed = await analysePart(modelPackage, 'model');
  const sites = analysed.analysis.sites.map(({ site, source }) => ({
    site: taken === 'right' ? site : { ...site, activation: 'silu' as const },
    source,
  }));
  const analysis = { ...analysed.analysis, sites };
  return rememberedSelfTest(modelPackage, { ...analysed, analysis }, options);
}

const records = (): string => path.join(folder.path, 'cache/self-tests');

describe('the self-test of a file', () => {
  it('is made once, and again only when that is asked for', async () => {
    const first = await test('right');
    expect(first.passed).toBe(true);
    expect(await test('wrong')).toEqual(first);
    expect((await test('wrong', { again: true })).passed).toBe(false);
    expect((await test('right')).passed).toBe(false);
  });

  it('is made again when its record is damaged or of another version', async () => {
    await test('wrong');
    const [name = ''] = readdirSync(records());
    const file = path.join(records(), name);
    const whole = readFileSync(file, 'utf8');
    for (const damaged of [
      '',
      whole.slice(0, -9),
      '{"version":1}',
      whole.replace(/"version":\d+/, '"version":0'),
    ]) {
      writeFileSync(file, damaged);
      expect((await test('right')).passed).toBe(true);
      expect(readFileSync(file, 'utf8')).toContain('"passed":true');
    }
  });

  it('is given also where it cannot be kept', async () => {
    mkdirSync(path.join(folder.path, 'cache'));
    writeFileSync(records(), 'a file where the folder should be');
    expect((await test('right')).passed).toBe(true);
  });
});
