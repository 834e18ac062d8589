import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/core/profile/manifest';
import { lensJson, temporaryFolder } from '../cli/runLens';
import { howMany, WHOLE } from './faultCount';

/** Some 57 tokens of the embedded model's each. */
const FILES = howMany(20_000, 200);
const FOLDERS = 50;

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const corpus = join(folder, 'corpus');
  for (let number = 0; number < FOLDERS; number++)
    await mkdir(join(corpus, String(number)), { recursive: true });
  for (let number = 0; number < FILES; number++) {
    const lines = [3, 5, 7].map(
      (factor) => `On day ${number} she wrote \`${number * factor}\` lines, and none of them twice.\n`,
    );
    await writeFile(join(corpus, String(number % FOLDERS), `${number}.txt`), lines.join(''));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Resident memory of a process in MiB, second by second; empty where the system does not say it. */
async function memoryWhile(pid: number, running: { isOver: boolean }): Promise<number[]> {
  const series: number[] = [];
  while (!running.isOver) {
    await pause(1000);
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const kibibytes = /VmRSS:\s+(\d+)/.exec(status)?.[1];
    if (kibibytes !== undefined) series.push(Math.round(Number(kibibytes) / 1024));
  }
  return series;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

describe('a corpus of many files', () => {
  it('is profiled whole, with memory that does not grow with it', async () => {
    const out = join(folder, 'profile');
    const child = spawn(
      process.execPath,
      [resolve('dist/cli.cjs'), 'profile', 'corpus', '--model', 'default', '--layers', '0-1', '--out', out],
      { cwd: folder, stdio: 'ignore' },
    );
    const running = { isOver: false };
    const status = new Promise((settle) => child.once('exit', settle));
    void status.finally(() => (running.isOver = true));
    const series = await memoryWhile(child.pid!, running);
    expect(await status).toBe(0);

    const { corpus, state } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as Manifest;
    expect({ state, files: corpus.files }).toEqual({ state: 'complete', files: FILES });
    const { neurons } = await lensJson<{ neurons: { id: string }[] }>(['neurons', out, '--limit', '1']);
    const page = await lensJson<{ stats: { count: number; excluded: Record<string, number> } }>([
      'neuron',
      out,
      neurons[0]!.id,
    ]);
    const left = Object.entries(page.stats.excluded).reduce((sum, [, count]) => sum + count, 0);
    expect(page.stats.count + left).toBeGreaterThanOrEqual(corpus.tokens);
    if (!WHOLE) return;

    expect(corpus.tokens).toBeGreaterThan(1_000_000);
    const step = Math.ceil(series.length / 20);
    console.log(
      `memory in MiB, every ${step} s: ${series.filter((_, second) => second % step === 0).join(' ')}`,
    );
    const quarter = Math.floor(series.length / 4);
    const [second, last] = [series.slice(quarter, 2 * quarter), series.slice(-quarter)].map(median);
    expect(last! / second!).toBeLessThan(1.1);
  });
});
