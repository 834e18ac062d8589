import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchResult } from '../../src/cli/output/benchResult';
import type { Manifest } from '../../src/core/profile/manifest';
import { lensJson, runLens, temporaryFolder } from './runLens';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'lamps.txt'), 'The keeper lit three lamps, and the cats watched. '.repeat(16));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('neuron-lens bench', () => {
  it('runs the same text on every side, in turns, and gives each ratio to the bare forward', async () => {
    const options = { cwd: folder };
    const profile = ['profile', 'lamps.txt', '--model', 'default', '--out', 'lamps'];
    const { corpus } = await lensJson<Manifest>(profile, options);
    const result = await lensJson<BenchResult>(['bench', 'default', 'lamps.txt', '--pairs', '2'], options);
    const { bare, profile: profiled, plain, ratio, peakRssMiB } = result;
    expect(result).toMatchObject({ model: 'default', tokens: corpus.tokens, runs: 2 });
    expect([bare.tokens, plain?.tokens]).toEqual([corpus.tokens, corpus.tokens]);
    const ratios = profiled.seconds.map((seconds, turn) => seconds / bare.seconds[turn]!);
    expect(ratio).toEqual({
      median: (ratios[0]! + ratios[1]!) / 2,
      min: Math.min(...ratios),
      max: Math.max(...ratios),
    });
    const { forward, reduce, write, rest } = profiled.phases;
    for (const seconds of [forward, reduce, write, rest]) expect(seconds).toBeGreaterThan(0);
    for (const peak of Object.values(peakRssMiB)) expect(peak).toBeGreaterThan(10);
  });

  it('stops every side after the same tokens, and leaves no file open that Node would warn of', async () => {
    const flags = ['--pairs', '2', '--no-plain', '--limit-tokens', '80', '--layers', '0'];
    const { status, stdout, stderr } = await runLens(['bench', 'default', 'lamps.txt', ...flags], {
      cwd: folder,
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^bare forward +(\d+) .*\nprofile +\1 /m);
    expect(stdout).not.toContain('plain way');
    expect(stderr).not.toContain('Warning');
  });
});
