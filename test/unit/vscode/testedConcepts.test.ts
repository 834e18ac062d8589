import { beforeEach, expect, it, vi } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import type { ProfileLibrary } from '../../../src/vscode/profiles/profileLibrary';
import { readFolderConcepts, readFolderControls } from '../../../src/vscode/profiles/profileTables';
import { TestedConcepts } from '../../../src/vscode/profiles/testedConcepts';
import type { Log } from '../../../src/vscode/surfaces/log';

vi.mock('vscode', () => ({}));
vi.mock('../../../src/vscode/profiles/profileTables', () => ({
  readFolderConcepts: vi.fn(),
  readFolderControls: vi.fn(),
}));
const read = vi.mocked(readFolderConcepts);
const readControls = vi.mocked(readFolderControls);

const library = { find: vi.fn() };
const log = { warn: vi.fn() };
let concepts: TestedConcepts;

beforeEach(() => {
  vi.resetAllMocks();
  concepts = new TestedConcepts(library as unknown as ProfileLibrary, log as unknown as Log);
});

/** The library holds a profile whose files are these. */
const holds = (...files: readonly string[]) => {
  const manifest = { files: files.map((path) => ({ path })) };
  library.find.mockImplementation((folder: string) =>
    Promise.resolve({ folder, name: `profile of ${folder}`, manifest }),
  );
  return manifest;
};
const results = (name: string) => ({ created: name }) as never;

it('reads what concepts gave once for each profile, and anew where its files are others', async () => {
  const before = holds('units', 'first test');
  read.mockImplementation((folder) => Promise.resolve(results(`1 ${folder}`)));
  const twice = Promise.all([concepts.of('/a'), concepts.of('/a')]);
  expect(await twice).toEqual([results('1 /a'), results('1 /a')]);
  expect(await concepts.of('/b')).toEqual(results('1 /b'));
  expect(read.mock.calls).toEqual([
    ['/a', before],
    ['/b', before],
  ]);
  const after = holds('units', 'second test');
  read.mockResolvedValue(results('2'));
  expect([await concepts.of('/a'), await concepts.of('/a')]).toEqual([results('2'), results('2')]);
  expect(read.mock.calls.slice(2)).toEqual([['/a', after]]);
});

it('has the controls that were made beside the test, read with it', async () => {
  const manifest = holds('units', 'test');
  read.mockResolvedValue(results('1'));
  const controls = [{ control: 'shuffled' }] as never;
  readControls.mockResolvedValue(controls);
  expect(await concepts.controls('/a')).toBe(controls);
  expect(await concepts.of('/a')).toEqual(results('1'));
  expect(readControls.mock.calls).toEqual([['/a', manifest, results('1')]]);
  expect(read).toHaveBeenCalledOnce();
  read.mockResolvedValue(null);
  expect(await concepts.controls('/b')).toEqual([]);
});

it('has nothing of a folder without a profile, or with one that cannot be read, and looks no further', async () => {
  for (const found of [null, { folder: '/a', name: 'a', reason: 'Its manifest is cut off.' }]) {
    library.find.mockResolvedValue(found);
    expect(await concepts.of('/a')).toBeNull();
  }
  expect(read).not.toHaveBeenCalled();
});

it('has nothing where what they gave is damaged, and says so in the log once', async () => {
  holds('units', 'damaged test');
  read.mockRejectedValue(new LensError('invalid-profile', 'results.json is cut off.'));
  expect([await concepts.of('/a'), await concepts.of('/a')]).toEqual([null, null]);
  expect(log.warn.mock.calls).toEqual([
    ['The concepts of profile of /a are left out: results.json is cut off.'],
  ]);
});
