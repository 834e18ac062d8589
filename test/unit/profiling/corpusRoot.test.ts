import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpusRoot } from '../../../src/runtime/profiling/corpusRoot';

let base: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'neuron-lens-root-'));
  await mkdir(join(base, 'work', 'docs'), { recursive: true });
  await mkdir(join(base, 'elsewhere', 'books'), { recursive: true });
  await writeFile(join(base, 'elsewhere', 'a.txt'), 'a');
});

afterAll(() => rm(base, { recursive: true }));

describe('what file names of a profile are relative to', () => {
  it.each([
    [['docs'], 'work'],
    [['docs', '.'], 'work'],
    [['docs/**/*.md'], 'work'],
    [['../elsewhere/books'], 'elsewhere/books'],
    [['../elsewhere/a.txt'], 'elsewhere'],
    [['../elsewhere/books', '../elsewhere/a.txt'], 'elsewhere'],
    [['docs', '../elsewhere/books'], ''],
  ])('is, for %j, %s', async (inputs, root) => {
    expect(await corpusRoot(inputs, join(base, 'work'))).toBe(join(base, root));
  });
});
