import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parseNeuronSetting } from '../../../src/core/cause/change';
import { ablateText } from '../../../src/runtime/cause/ablation';
import { ablateCorpus } from '../../../src/runtime/cause/corpusAblation';
import { rankLayer } from '../../../src/runtime/cause/layerInTurn';
import { openCause } from '../../../src/runtime/cause/openCause';
import { openCorpus } from '../../../src/runtime/files/openCorpus';
import { temporaryFolder } from '../../unit/files/temporaryFolder';

const MODEL = path.join(import.meta.dirname, '../../fixtures/onnx/gpt2-optimum-past');
const TEXTS = [
  'The cat sat on the mat.',
  'A return value may be given, or not.',
  'It wraps a block of code.',
  'None is used.',
];
const signal = new AbortController().signal;
const setting = parseNeuronSetting('L1.N7=2')!;
const cause = await openCause({ model: MODEL, addresses: [setting.address], embeddedModel: '' });
afterAll(() => cause.dispose());
const folder = temporaryFolder();
beforeEach(async () => {
  await mkdir(folder.path, { recursive: true });
  for (const [at, text] of TEXTS.entries()) await writeFile(path.join(folder.path, `${at}.txt`), text);
});

async function overCorpus(model = cause) {
  const corpus = await openCorpus({ root: folder.path, inputs: [folder.path], ignoreFiles: true });
  const asked = {
    corpus,
    settings: [setting],
    controls: 5,
    seed: 1,
    limitTokens: 1000,
    profile: null,
    concept: null,
  };
  return ablateCorpus(model, asked, signal);
}

describe('neurons changed over a corpus', () => {
  it('adds up what each text has by itself, beside controls and with an interval over documents', async () => {
    const { groups, tokens, documents, largest, controls, identity } = await overCorpus();
    const alone = [];
    for (const text of TEXTS) {
      const question = { text, settings: [setting], positions: 'all' as const, controls: 0, seed: 1 };
      const { loss } = await ablateText(cause, { ...question, generation: null }, signal);
      alone.push(loss.filter(({ before }) => before !== null));
    }
    const all = alone.flat();
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const change = mean(all.map(({ before, after }) => after! - before!));
    const [group] = groups;
    expect([tokens, documents, groups.length]).toEqual([all.length, TEXTS.length, 1]);
    expect(group!.before).toBeCloseTo(mean(all.map(({ before }) => before!)), 5);
    expect(group!.change).toBeCloseTo(change, 5);
    const byText = alone.map((loss) => mean(loss.map(({ before, after }) => after! - before!)));
    expect(group!.low!).toBeGreaterThanOrEqual(Math.min(...byText) - 1e-6);
    expect(group!.high!).toBeLessThanOrEqual(Math.max(...byText) + 1e-6);
    expect(group!.low!).toBeLessThan(change);
    expect(group!.high!).toBeGreaterThan(change);
    expect([controls.length, group!.controls.length]).toEqual([5, 5]);
    const farther = group!.controls.filter((other) => Math.abs(other) >= Math.abs(group!.change)).length;
    expect(group!.p).toBe((1 + farther) / 6);
    expect(identity).toBeLessThan(1e-6);
    const sizes = all.map(({ before, after }) => Math.abs(after! - before!)).sort((a, b) => b - a);
    expect(Math.abs(largest[0]!.after - largest[0]!.before)).toBeCloseTo(sizes[0]!, 5);
  });

  it('says why a model without a next token has no loss', async () => {
    const model = path.join(MODEL, '../bert-left');
    const other = await openCause({ model, addresses: [setting.address], embeddedModel: '' });
    try {
      await expect(overCorpus(other)).rejects.toThrow(/does not predict the next token/);
    } finally {
      await other.dispose();
    }
  });
});

it('ranks the neurons of a layer by what each does alone', async () => {
  const text = TEXTS[0]!;
  const layer = {
    text,
    layer: setting.address,
    setting: setting.setting,
    positions: 'all' as const,
    seed: 1,
  };
  const { ranked } = await rankLayer(cause, layer, signal);
  expect(ranked).toHaveLength(128);
  expect(new Set(ranked.map(({ neuron }) => neuron)).size).toBe(128);
  expect(ranked.map(({ change }) => change)).toEqual(
    ranked.map(({ change }) => change).sort((a, b) => b - a),
  );
  for (const at of [0, 60, 127]) {
    const { neuron, change } = ranked[at]!;
    const settings = [parseNeuronSetting(`${neuron}=2`)!];
    const asked = { text, settings, positions: 'all' as const, controls: 0, seed: 1, generation: null };
    expect((await ablateText(cause, asked, signal)).kl).toBeCloseTo(change, 9);
  }
});
