import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/core/profile/manifest';
import type { NeuronPage } from '../../src/core/profile/neuronPage';
import type { SelectionAnswer } from '../../src/core/selection/selectionAnswer';
import { readNpy } from './readNpy';
import { lensJson, runLens, temporaryFolder } from './runLens';

const TEXT = [
  'The ferry left Harwich at 6.45 on the 3rd of March 1843.',
  '“Nobody,” she said, “has ever asked me that — not once.”',
  'for (let i = 0; i < 10; i += 1) { console.log(i); }',
  '',
].join('\n');

const SENTENCES = [
  'Alpha beta gamma. ',
  'He said no, never, not once. ',
  '# Title\n\n- 1843\n- 1844\n',
  'def f(x):\n    return x + 1\n',
  'She came; she saw; she left again. ',
  '{"key": [1, 2, 3]}\n',
  'In the year 1912 the ship sailed from Cork. ',
  'Why? Because! ',
];

interface Activations {
  tokens: { id: number; start: number; end: number; special: boolean }[][];
  shape: [number, number, number];
}

let folder: string;
let profile: string;
let tokens: Activations['tokens'][number];
let layer1: { shape: number[]; data: Float32Array };

beforeAll(async () => {
  folder = await temporaryFolder();
  profile = join(folder, 'profile');
  await writeFile(join(folder, 'ferry.txt'), TEXT);
  const npy = join(folder, 'layer1.npy');
  const activations = await lensJson<Activations>([
    'activations',
    'default',
    '--text',
    TEXT,
    '--layer',
    '1',
    '--out',
    npy,
  ]);
  tokens = activations.tokens[0]!;
  layer1 = readNpy(npy);
  await lensJson(['profile', 'ferry.txt', '--model', 'default', '--out', profile], { cwd: folder });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A neuron's values at every token but the first, which the embedded model's window leaves out as a sink. */
function valuesOf(neuron: number): number[] {
  const width = layer1.shape[2]!;
  return tokens.slice(1).map((_, token) => layer1.data[(token + 1) * width + neuron]!);
}

describe('a profile against its own raw activations', () => {
  it('says how the self-test of its model went', async () => {
    const { manifest } = await lensJson<NeuronPage>(['neuron', profile, 'L1.N7']);
    expect(manifest.selfTest).toMatchObject({ passed: true });
    expect(manifest.selfTest?.checks.map(({ site }) => site)).toEqual(['L0', 'L2', 'L3']);
    const { stdout } = await runLens(['neuron', profile, 'L1.N7']);
    expect(stdout).toMatch(/\nSelf-test passed · .*\. L0, L2 and L3, recomputed from their own/);
  });

  it.each([0, 7, 100])('has the exact statistics of neuron %i', async (neuron) => {
    const page = await lensJson<NeuronPage>(['neuron', profile, `L1.N${neuron}`]);
    const values = valuesOf(neuron);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const central = (power: number) =>
      values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
    expect(page.stats.count).toBe(values.length);
    expect(page.stats.excluded.firstPosition).toBe(1);
    expect(page.stats.mean).toBeCloseTo(mean, 6);
    expect(page.stats.std).toBeCloseTo(Math.sqrt(central(2)), 6);
    expect(page.stats.kurtosis).toBeCloseTo(central(4) / central(2) ** 2 - 3, 4);
    expect(page.stats.max).toBeCloseTo(Math.max(...values), 6);
    expect(page.stats.min).toBeCloseTo(Math.min(...values), 6);
    expect(page.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
    const sorted = [...values].sort((a, b) => a - b);
    const middle =
      (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
    expect(Math.abs(page.stats.median! - middle)).toBeLessThanOrEqual(page.stats.medianError! + 1e-7);
  });

  it('knows the places of its examples also where it keeps no text', async () => {
    const bare = join(folder, 'bare');
    const args = ['profile', 'ferry.txt', '--model', 'default', '--no-text', '--out', bare];
    await lensJson(args, { cwd: folder });
    const { stdout } = await runLens(['neuron', bare, 'L1.N7']);
    expect(stdout).toMatch(/ferry\.txt:\d+:\d+\n +\[token \d+; the text was not kept\]\n/);
    expect(stdout).toContain('of embedded model fp32\n1 file · ');
  });

  it('links the strongest example to its place in the file', async () => {
    const page = await lensJson<NeuronPage>(['neuron', profile, 'L1.N7']);
    const values = valuesOf(7);
    const strongest = tokens[1 + values.indexOf(Math.max(...values))]!;
    const [top] = page.examples.top;
    expect(top).toMatchObject({
      file: 'ferry.txt',
      record: null,
      start: strongest.start,
      end: strongest.end,
    });
    expect(top!.token).toBe(TEXT.slice(strongest.start, strongest.end));
    const before = TEXT.slice(0, strongest.start).split('\n');
    expect([top!.line, top!.column]).toEqual([before.length, before[before.length - 1]!.length + 1]);
    const peak = top!.context.tokens.find((token) => token.start === top!.start);
    expect(peak!.value).toBeCloseTo(top!.value, 2);
  });

  it('ranks the neurons of a selection by their percentile in the profile', async () => {
    const start = TEXT.indexOf('1843');
    const answer = await lensJson<SelectionAnswer>([
      'selection',
      profile,
      '--file',
      join(folder, 'ferry.txt'),
      '--range',
      `${start}:${start + 4}`,
      '--limit',
      '5',
    ]);
    expect(answer.text).toContain('1843');
    expect(answer.rows).toHaveLength(5);
    const percentiles = answer.rows.map((row) => row.percentile);
    expect(percentiles).toEqual([...percentiles].sort((a, b) => b - a));
  });
});

describe('shards', () => {
  it('merge to what one run gives', async () => {
    await mkdir(join(folder, 'corpus'));
    for (const [index, sentence] of SENTENCES.entries()) {
      await writeFile(join(folder, 'corpus', `text-${index}.txt`), sentence.repeat(20));
    }
    const run = (out: string, ...more: string[]) =>
      lensJson<Manifest>(['profile', 'corpus', '--out', join(folder, out), ...more], { cwd: folder });
    await run('whole');
    const shards = [await run('first', '--shard', '1/2'), await run('second', '--shard', '2/2')];
    await lensJson(['merge', join(folder, 'first'), join(folder, 'second'), '--out', join(folder, 'merged')]);
    const pageOf = (out: string) =>
      lensJson<NeuronPage>(['neuron', join(folder, out), 'L2.N11'], { cwd: folder });
    const [whole, merged] = [await pageOf('whole'), await pageOf('merged')];
    expect(shards.every(({ corpus }) => corpus.tokens < whole.manifest.corpus.tokens)).toBe(true);
    expect(merged.histogram).toEqual(whole.histogram);
    expect(merged.stats.count).toBe(whole.stats.count);
    expect(merged.stats.mean).toBeCloseTo(whole.stats.mean!, 8);
    expect(merged.stats.kurtosis).toBeCloseTo(whole.stats.kurtosis!, 5);
    const places = (page: NeuronPage) => page.examples.top.map(({ file, start }) => ({ file, start }));
    expect(places(merged)).toEqual(places(whole));
  });
});

describe('what goes wrong, in a sentence and an exit status', () => {
  it.each([
    [['neuron', 'no-such-folder', 'L0.N0'], 1],
    [['profile', 'no-such-file.txt', '--out', 'p'], 1],
    [['profile'], 2],
    [['neurons', 'x', '--sort', 'beauty'], 2],
    [['sites', 'no-such-model'], 1],
  ])('%j exits with %i', async (args, status) => {
    const result = await runLens(args, { cwd: folder });
    expect(result.status).toBe(status);
    expect(result.stdout).toBe('');
    expect(result.stderr.trim()).toMatch(/\S.*[.)]$/s);
  });

  it('refuses a neuron that the profile does not have, naming the range', async () => {
    const result = await runLens(['neuron', profile, 'L1.N99999']);
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/L1|layer 1/i);
  });

  it('finds files outside the working directory, from there', async () => {
    const inside = join(folder, 'inside');
    await mkdir(inside, { recursive: true });
    for (const [name, input] of Object.entries({ file: '../ferry.txt', glob: '../fer*.txt' })) {
      const args = ['profile', input, '--model', 'default', '--out', name];
      const { corpus } = await lensJson<Manifest>(args, { cwd: inside });
      expect(corpus.files).toBe(1);
    }
  });

  it('does not overwrite a profile unasked', async () => {
    const again = await runLens(['profile', 'ferry.txt', '--out', profile], { cwd: folder });
    expect(again.status).toBe(2);
    expect(again.stderr).toMatch(/profile/i);
  });
});
