import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layTinyModel, type TinyModel } from '../engine/onnx/tinyModel';
import { lensJson, runLens, type CommandResult } from './runLens';

let folder = '';
let env: Record<string, string> = {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neuron-lens-odd-'));
  env = { NEURON_LENS_CACHE: join(folder, 'cache') };
  await mkdir(join(folder, 'corpus'));
  const texts = {
    'a.txt': 'the cat sat',
    'b.txt': 'the dog ran far away with many words here , and one two three cat',
    'c.txt': 'one two three far away',
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, 'corpus', name), text);
});
afterEach(() => rm(folder, { recursive: true }));

async function profile(tiny: TinyModel, out: string, ...flags: string[]): Promise<CommandResult> {
  await layTinyModel(join(folder, 'model'), tiny);
  return runLens(['profile', 'corpus', '--model', 'model', '--out', out, ...flags], { cwd: folder, env });
}

describe('a profile of an odd model', () => {
  it('has the same values whatever documents are run together, where padding would reach them', async () => {
    expect((await profile({ mask: 'none' }, 'together')).stderr).toMatch(/Only windows of equal length/);
    expect((await profile({ mask: 'none' }, 'apart', '--tokens-per-batch', '2')).status).toBe(0);
    for (const neuron of ['L0.N0', 'L0.N13', 'L0.N31']) {
      const [together, apart] = await Promise.all(
        ['together', 'apart'].map((out) =>
          lensJson<{ stats: { mean: number; max: number } }>(['neuron', out, neuron], { cwd: folder, env }),
        ),
      );
      expect(together!.stats.mean).toBeCloseTo(apart!.stats.mean, 6);
      expect(together!.stats.max).toBeCloseTo(apart!.stats.max, 6);
    }
  });

  it('leaves out by name the text with a token that the model has no embedding for', async () => {
    await writeFile(join(folder, 'corpus/d.txt'), 'the <image> cat');
    const tiny = { vocabulary: 21, added: { '<image>': 21 } };
    const { status, stderr } = await profile(tiny, 'out');
    expect(status).toBe(0);
    expect(stderr).toMatch(/d\.txt was left out: it holds token 21 \(“<image>”\)/);
    const text = ['activations', 'model', '--text', 'the <image> cat', '--layer', '0', '--out', 'a.npy'];
    const refused = await runLens(text, { cwd: folder, env });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/^The text holds token 21, and model has embeddings for 21 tokens/);
  });

  it('goes on behind a text that a tokenizer does not come to an end with', async () => {
    await writeFile(join(folder, 'corpus/d.txt'), `${'a'.repeat(40)}!`);
    await layTinyModel(join(folder, 'model'));
    const path = join(folder, 'model/tokenizer.json');
    const pattern = { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false };
    const tokenizer = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...tokenizer, pre_tokenizer: pattern }));
    const run = await runLens(['profile', 'corpus', '--model', 'model', '--out', 'out'], {
      cwd: folder,
      env,
    });
    expect(run.status).toBe(0);
    expect(run.stderr).toMatch(/d\.txt was left out: its tokenizer gave up/);
    expect(run.stderr).not.toMatch(/panicked|backtrace/);
  });

  it.each<[string, TinyModel]>([
    ['a fixed number of rows', { rows: 1 }],
    ['a fixed length', { length: 16 }],
    [
      'a short table of positions and no configuration',
      { positions: 'counted', positionRows: 8, config: null },
    ],
  ])('runs, and so does its check, with %s', async (_, tiny) => {
    expect(await profile(tiny, 'out')).toMatchObject({ status: 0 });
    const check = await runLens(['models', 'check', 'model'], { cwd: folder, env });
    expect(check.status).toBe(0);
  });

  it('opens where the configuration holds the numbers that Python writes', async () => {
    await layTinyModel(join(folder, 'model'));
    await writeFile(join(folder, 'model/config.json'), '{"time_step_limit": [0.0, Infinity], "loss": NaN}');
    expect((await runLens(['sites', 'model'], { cwd: folder, env })).status).toBe(0);
  });
});
