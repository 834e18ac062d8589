import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blameFile, readPorcelain } from '../../../src/runtime/git/blame';

const run = promisify(execFile);
const signal = new AbortController().signal;
const NAMES = ['$(touch hacked);.txt', '--output=hacked', ':(top)x', 'ü \n b.txt', '-'];
let folder = '';

const git = (author: string, day: number, ...words: string[]) =>
  run('git', ['-c', `user.name=${author}`, '-c', 'user.email=a@b', ...words], {
    cwd: folder,
    env: { ...process.env, GIT_AUTHOR_DATE: `@${day * 86_400} +0000` },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neuron-lens-blame-'));
  await git('Ada', 1, 'init', '-q');
  for (const name of NAMES) await writeFile(join(folder, name), 'one\nauthor Mallory\n');
  await git('Ada', 20, 'add', '--', '.');
  await git('Ada', 20, 'commit', '-qm', 'author Mallory');
  for (const name of NAMES) await writeFile(join(folder, name), 'one\nauthor Mallory\n\tthree\n');
  await git('Bo; $(touch hacked)', 30, 'commit', '-qam', 'more');
});
afterAll(() => rm(folder, { recursive: true }));

it.each(NAMES)(
  'tells who wrote each line of %j and when, and runs nothing that its name says',
  async (name) => {
    expect(await blameFile(folder, name, signal)).toEqual([
      { author: 'Ada', seconds: 20 * 86_400 },
      { author: 'Ada', seconds: 20 * 86_400 },
      { author: 'Bo; $(touch hacked)', seconds: 30 * 86_400 },
    ]);
    expect((await readdir(folder)).sort()).toEqual(['.git', ...NAMES].sort());
  },
);

it('tells of lines that are not committed, and nothing of files that git does not know', async () => {
  await writeFile(join(folder, '-'), 'one\nnew\n');
  expect(await blameFile(folder, '-', signal)).toEqual([
    { author: 'Ada', seconds: 20 * 86_400 },
    { author: null, seconds: null },
  ]);
  expect(await blameFile(folder, 'unknown.txt', signal)).toBeNull();
  expect(await blameFile(tmpdir(), 'unknown.txt', signal)).toBeNull();
  expect(await blameFile(join(folder, 'nowhere'), 'a', signal)).toBeNull();
});

it('runs no program that the repository names, and stops when asked', async () => {
  await git('Ada', 40, 'config', 'core.fsmonitor', 'touch hacked; false');
  await git('Ada', 40, 'config', 'diff.odd.textconv', 'touch hacked; cat');
  await writeFile(join(folder, '.git/info/attributes'), '* diff=odd\n');
  expect(await blameFile(folder, NAMES[0]!, signal)).toHaveLength(3);
  expect(await readdir(folder)).not.toContain('hacked');
  const stopped = blameFile(folder, NAMES[0]!, AbortSignal.abort());
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
});

it('reads no line of a text as a fact', () => {
  const hash = 'a'.repeat(40);
  const answer = `${hash} 1 1 1\nauthor \nauthor-time 5\nsummary author X\nfilename b\n\tauthor Y\n`;
  expect(readPorcelain(answer)).toEqual([{ author: '', seconds: 5 }]);
  expect(readPorcelain('')).toEqual([]);
});
