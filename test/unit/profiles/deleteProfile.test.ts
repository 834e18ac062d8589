import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { deleteProfile } from '../../../src/runtime/profiles/deleteProfile';
import { openOutput } from '../../../src/runtime/profiles/outputFolder';
import { temporaryFolder } from '../files/temporaryFolder';
import { madeTexts, requestFor, SILENT } from '../pipeline/fakes';

const folder = temporaryFolder();

async function madeProfile(): Promise<string> {
  const path = join(folder.path, 'p');
  const output = await openOutput(path, 'new');
  const request = requestFor(madeTexts(3, 20), { store: output.store });
  await output.publish(await runProfile(request, SILENT, new AbortController().signal));
  await output.close();
  return path;
}

describe('deleting a profile', () => {
  it('leaves nothing of it, and everything else', async () => {
    expect(await deleteProfile(await madeProfile(), false)).toBe(true);
    expect(readdirSync(folder.path)).toEqual([]);

    const path = await madeProfile();
    writeFileSync(join(path, 'README.md'), 'mine');
    writeFileSync(join(path, 'texts', '0000', 'notes.txt'), 'mine');
    expect(await deleteProfile(path, false)).toBe(false);
    expect(readdirSync(path, { recursive: true }).sort()).toEqual(
      ['README.md', 'texts', 'texts/0000', 'texts/0000/notes.txt'].map((name) => join(name)),
    );
  });

  it('goes by what no other folder has where the manifest is damaged', async () => {
    const path = await madeProfile();
    writeFileSync(
      join(path, 'manifest.json'),
      readFileSync(join(path, 'manifest.json'), 'utf8').slice(0, 99),
    );
    expect(await deleteProfile(path, false)).toBe(true);
    mkdirSync(path);
    writeFileSync(join(path, 'manifest.json'), '{"manifest_version":3}');
    await expect(deleteProfile(path, false)).rejects.toMatchObject({ code: 'usage' });
    expect(existsSync(join(path, 'manifest.json'))).toBe(true);
    expect(await deleteProfile(path, true)).toBe(true);
  });

  it('follows no link, and waits for nobody who writes', async () => {
    const path = await madeProfile();
    const output = await openOutput(path, 'resume');
    await expect(deleteProfile(path, false)).rejects.toMatchObject({ code: 'profile-locked' });
    await output.close();
    mkdirSync(join(folder.path, 'pictures', '0000'), { recursive: true });
    writeFileSync(join(folder.path, 'pictures', '0000', 'tokens.arrow'), 'mine');
    rmSync(join(path, 'texts'), { recursive: true });
    symlinkSync(join(folder.path, 'pictures'), join(path, 'texts'));
    await expect(deleteProfile(path, false)).rejects.toThrow('is a link');
    expect(existsSync(join(folder.path, 'pictures', '0000', 'tokens.arrow'))).toBe(true);
    expect(existsSync(join(path, 'manifest.json'))).toBe(true);
  });
});
