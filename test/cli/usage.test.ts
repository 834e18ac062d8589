import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lensJson, runLens, temporaryFolder } from './runLens';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a command that cannot be meant', () => {
  it.each([
    ['selection', 'p', '--text', 'hello', '--limit'],
    ['activations', 'default', '--text', 'hello', '--layer', '0', '--out', 'e.npy', '--threads'],
    ['activations', 'default', '--text', 'hello', '--out', 'e.npy', '--layer'],
    ['neurons', 'p', '--limit'],
    ['profile', 'a.txt', '--out', 'p', '--seed'],
    ['profile', 'a.txt', '--out', 'p', '--drop-sinks'],
    ['report', 'p', '--out', 'r.html', '--limit'],
    ['bench', 'default', 'a.txt', '--pairs'],
  ])('%s … takes no number that is none', async (...command) => {
    const { status, stderr } = await runLens([...command, 'abc'], { cwd: folder });
    expect([status, stderr.includes("'abc' is invalid")]).toEqual([2, true]);
  });

  it.each([[['--text', '']], [['--text', 'hello', '--text', '']]])(
    'activations %j has no token',
    async (texts) => {
      const command = ['activations', 'default', ...texts, '--layer', '0', '--out', join(folder, 'e.npy')];
      const { status, stderr } = await runLens(command);
      expect([status, stderr]).toEqual([2, 'There is no token in the text. Give one with words in it.\n']);
    },
  );
});

it('says that a token was left out of the comparison, and why', async () => {
  await writeFile(join(folder, 'a.txt'), 'The cat sat on a mat.\n');
  await lensJson(['profile', 'a.txt', '--out', 'p'], { cwd: folder });
  const { status, stdout } = await runLens(['selection', 'p', '--text', 'x'], { cwd: folder });
  expect(status).toBe(0);
  expect(stdout).toContain('The token is left out, as in the profile: at the first position of its window');
});

describe('activations --file', () => {
  it('reads every encoding that a profile reads', async () => {
    const text = 'naïve café – “so”\n';
    const files = {
      'utf8.txt': Buffer.from(text),
      'mark.txt': Buffer.from(`\ufeff${text}`),
      'utf16.txt': Buffer.from(`\ufeff${text}`, 'utf16le'),
      'western.txt': Buffer.from('na\xefve caf\xe9 \x96 \x93so\x94\n', 'latin1'),
    };
    const run = async (file: string) => {
      const command = ['activations', 'default', '--file', file, '--layer', '0', '--out', 'e.npy'];
      return (await lensJson<{ tokens: unknown }>(command, { cwd: folder })).tokens;
    };
    const found: unknown[] = [];
    for (const [file, bytes] of Object.entries(files)) {
      await writeFile(join(folder, file), bytes);
      found.push(await run(file));
    }
    expect(found).toEqual(Array.from(found, () => found[0]));
    await writeFile(
      join(folder, 'dos.txt'),
      Buffer.from('r\x82sum\x82 fran\x87ais, l\x27\x82cole', 'latin1'),
    );
    const command = ['activations', 'default', '--file', 'dos.txt', '--layer', '0', '--out', 'e.npy'];
    const { status, stderr } = await runLens(command, { cwd: folder });
    expect([status, stderr]).toEqual([
      1,
      'dos.txt cannot be read as text: it seems to be cp437, which is not read: save it as UTF-8.\n',
    ]);
  });
});
