import { beforeEach, expect, it, vi } from 'vitest';
import { chosenFolder, chosenProfile } from '../../../src/vscode/commands/chosenProfile';
import type { DamagedEntry, ProfileEntry } from '../../../src/vscode/profiles/profileEntry';
import type { ProfileLibrary } from '../../../src/vscode/profiles/profileLibrary';

const user = vi.hoisted(() => ({ answers: [] as (string | null)[], shown: [] as string[][] }));
vi.mock('vscode', async () => {
  const { fakePickers } = await import('./fakePicker');
  return { env: { language: 'en' }, window: fakePickers(user), QuickPickItemKind: { Separator: -1 } };
});

const entry = (name: string, state: string) =>
  ({
    ...{ folder: `/p/${name}`, name, recipe: null },
    manifest: { state, created: '2020-02-03T08:00:00.000Z', corpus: { tokens: 1234 } },
  }) as unknown as ProfileEntry;
const whole = entry('whole', 'complete');
const partial = entry('partial', 'partial');
const damaged: DamagedEntry = { folder: '/p/broken', name: 'broken', reason: 'It is broken.' };
let listed: (ProfileEntry | DamagedEntry)[];
const library = { list: () => Promise.resolve(listed) } as unknown as ProfileLibrary;

beforeEach(() => {
  listed = [whole, partial, damaged];
  Object.assign(user, { answers: [], shown: [] });
});

it('is about the line that a command was called on, and asks nothing', async () => {
  expect(await chosenProfile(library, { kind: 'profile', entry: partial }, 'Use')).toBe(partial);
  expect(await chosenFolder(library, { kind: 'damaged', entry: damaged }, 'Delete')).toBe(damaged);
  expect(user.shown).toEqual([]);
});

it('lets the user of the palette pick among the profiles that the command has a use for', async () => {
  user.answers = ['partial', 'partial', 'broken', null];
  expect(await chosenProfile(library, undefined, 'Use')).toBe(partial);
  const unfinished = ({ manifest }: ProfileEntry) => manifest.state !== 'complete';
  expect(await chosenProfile(library, undefined, 'Go on with', unfinished)).toBe(partial);
  expect(await chosenFolder(library, undefined, 'Delete')).toBe(damaged);
  expect(await chosenFolder(library, undefined, 'Delete')).toBeNull();
  expect(user.shown.map((lines) => lines.map((line) => line.split(' | ')[0]))).toEqual([
    ['whole', 'partial'],
    ['partial'],
    ['whole', 'partial', 'broken'],
    ['whole', 'partial', 'broken'],
  ]);
  expect(user.shown[2]![1]).toMatch(/^partial \| 1,234 tokens · .*2020.* · partial$/);
});

it('says so where there is none, instead of an empty list', async () => {
  listed = [damaged];
  await expect(chosenProfile(library, undefined, 'Save a report on')).rejects.toThrow(
    'Save a report on: there is no such profile here. Profile some text first.',
  );
  expect(user.shown).toEqual([]);
});
