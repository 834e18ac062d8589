import { expect, it } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { writeAnnex } from '../../../src/core/profile/annexes';
import { isOwnFile, isOwnFolder } from '../../../src/core/profile/ownNames';
import { contentHash } from '../../../src/runtime/files/hashFile';
import { madeTexts, requestFor, SILENT } from '../pipeline/fakes';

it('knows every file that a run or an annex writes, and the folders that they are in', async () => {
  const request = requestFor(madeTexts(6, 40), { segmentTokens: 50 });
  await runProfile(request, SILENT, new AbortController().signal);
  await writeAnnex(request.store, contentHash, 'concepts', [['results.json', []]]);
  const names = [...request.store.files.keys()];
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !isOwnFile(name))).toEqual([]);
  const folders = names.flatMap((name) => [name.split('/')[0]!, name.split('/').slice(0, 2).join('/')]);
  const within = new Set(folders.filter((folder) => !names.includes(folder)));
  expect([...within].filter((folder) => !isOwnFolder(folder))).toEqual([]);
});

it.each([
  ...['segments/0000/L3.pre.arrow', 'segments/12345/enc-L0a.E7.gate.arrow', 'segments/0000/dec-L12.up.arrow'],
  ...['snapshots/0001/metrics.arrow', 'snapshots/0001/files.arrow', 'segments/0000/population.arrow'],
])('knows %s for its own', (name) => {
  expect(isOwnFile(name)).toBe(true);
});

it.each([
  ...['README.md', 'manifest.json.bak', 'old-manifest.json', 'x/manifest.json', 'metrics.arrow/x'],
  ...['segments/000/L0.act.arrow', 'segments/0000x/L0.act.arrow', 'x/segments/0000/L0.act.arrow'],
  ...['segments/0000/L0.act.arrow.bak', 'segments/0000/L0.arrow', 'segments/0000/LX.act.arrow'],
  ...['segments/0000/metrics.arrow', 'segments/0000/L0.other.arrow', 'segments/0000/mid-L0.act.arrow'],
  ...[
    'texts/0000/notes.txt',
    'texts/0000/tokens.arrow.bak',
    'x/texts/0000/tokens.arrow',
    'texts/00/tokens.arrow',
  ],
  ...['annexes/concepts/results.json', 'annexes/Concepts-0000/a', 'annexes/concepts-0000/.hidden'],
  ...['annexes/concepts-0000/a/b', 'x/annexes/concepts-0000/a', 'snapshots/0000/notes.arrow'],
])('leaves %s to the user', (name) => {
  expect(isOwnFile(name)).toBe(false);
});

it.each([
  ...['pictures', 'segments/000', 'segments/0000x', 'x/segments', 'segments/0000/0000', 'segment'],
  ...['texts/notes', 'annexes/0000', 'annexes/concepts', 'annexes/Concepts-0000', 'annexes/concepts-0000/x'],
])('leaves the folder %s to the user', (name) => {
  expect(isOwnFolder(name)).toBe(false);
});
