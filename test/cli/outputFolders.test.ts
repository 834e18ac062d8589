import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLens, temporaryFolder } from './runLens';

let folder: string;
const lens = (...args: string[]) => runLens(args, { cwd: folder });
const profile = (...args: string[]) => lens('profile', '--layers', '0', ...args);

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'corpus', 'texts'), { recursive: true });
  await writeFile(
    join(folder, 'corpus', 'texts', 'one.txt'),
    'The harbour was closed. Nobody came.\n'.repeat(9),
  );
  await writeFile(join(folder, 'empty.txt'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the folder that a profile is written to', () => {
  it('is not one that holds the corpus, or anything else', async () => {
    for (const out of ['corpus', 'corpus/texts', '.']) {
      const { status, stderr } = await profile('corpus', '--out', out);
      expect(status).toBe(2);
      expect(stderr).toMatch(/is not empty and holds no profile \(but .*\), so nothing in it was touched/);
    }
    expect(await readdir(join(folder, 'corpus', 'texts'))).toEqual(['one.txt']);
    const { status, stderr } = await profile('corpus', '--out', '');
    expect(status).not.toBe(0);
    expect(stderr).toContain('is empty');
  });

  it('may lie in the corpus, keeps its profile until another is whole, and is left alone behind links', async () => {
    const out = join('corpus', 'profile');
    expect((await profile('corpus', '--out', out)).status).toBe(0);
    const manifest = await readFile(join(folder, out, 'manifest.json'));
    expect((await profile('empty.txt', '--out', out, '--overwrite')).status).not.toBe(0);
    expect((await profile('corpus', '--model', 'none.onnx', '--out', out, '--overwrite')).status).not.toBe(0);
    expect((await readFile(join(folder, out, 'manifest.json'))).equals(manifest)).toBe(true);

    const again = await profile('corpus', '--out', out, '--overwrite');
    expect(again.stderr).toContain('profile was left out: it is a profile');
    expect(again.status).toBe(0);
    expect((await readdir(join(folder, out))).filter((name) => name.startsWith('.'))).toEqual([]);

    await mkdir(join(folder, 'pictures'));
    await writeFile(join(folder, 'pictures', 'holiday.jpg'), 'x');
    await symlink(join(folder, 'pictures'), join(folder, out, 'snapshots'));
    const linked = await profile('corpus', '--out', out, '--resume');
    expect(linked.status).toBe(1);
    expect(linked.stderr).toContain('snapshots is a link');
    expect(existsSync(join(folder, 'pictures', 'holiday.jpg'))).toBe(true);
  });
});
