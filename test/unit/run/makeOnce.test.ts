import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { makeOnce } from '../../../tools/run/makeOnce.mjs';
import { temporaryFolder } from '../files/temporaryFolder';

const home = temporaryFolder();
let folder: string;
let made: string;
let inputs: string[];
const make = vi.fn();
let run = 0;

beforeEach(async () => {
  folder = join(home.path, String(run++));
  made = join(folder, 'made');
  inputs = [join(folder, 'corpus'), join(folder, 'tool.cjs')];
  await mkdir(join(folder, 'corpus', 'deep'), { recursive: true });
  await writeFile(join(folder, 'corpus', 'deep', 'a.txt'), 'one');
  await writeFile(join(folder, 'tool.cjs'), 'tool');
  make.mockReset().mockImplementation(() => writeFile(made, 'made'));
});

it('makes a thing once from the same files', async () => {
  expect(await makeOnce(made, inputs, make)).toBe(true);
  expect(await makeOnce(made, inputs, make)).toBe(false);
  expect(make).toHaveBeenCalledOnce();
});

it.each([
  ['a file has other words', () => writeFile(join(folder, 'corpus', 'deep', 'a.txt'), 'two')],
  ['a file is new', () => writeFile(join(folder, 'corpus', 'b.txt'), '')],
  ['a file is gone', () => rm(join(folder, 'corpus', 'deep', 'a.txt'))],
  ['what was made is gone', () => rm(made)],
])('makes it anew where %s', async (_what, change) => {
  await makeOnce(made, inputs, make);
  await change();
  expect(await makeOnce(made, inputs, make)).toBe(true);
});

it('makes anew what was cut short', async () => {
  await makeOnce(made, inputs, make);
  await writeFile(join(folder, 'tool.cjs'), 'newer');
  make.mockRejectedValueOnce(new Error('stopped'));
  await expect(makeOnce(made, inputs, make)).rejects.toThrow('stopped');
  await writeFile(join(folder, 'tool.cjs'), 'tool');
  expect(await makeOnce(made, inputs, make)).toBe(true);
});
