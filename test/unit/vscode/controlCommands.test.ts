import { beforeEach, describe, expect, it, vi } from 'vitest';
import { activateControlCommands } from '../../../src/vscode/commands/controlCommands';

interface Seen {
  answers: (string | null)[];
  shown: string[][];
  told: string[];
  command: unknown;
}
const user = vi.hoisted((): Seen => ({
  answers: [],
  shown: [],
  told: [],
  command: null,
}));
vi.mock('vscode', async () => {
  const { fakePickers } = await import('./fakePicker');
  const say = (text: string) => Promise.resolve(void user.told.push(text));
  return {
    env: { language: 'en' },
    QuickPickItemKind: { Separator: -1 },
    ProgressLocation: { Notification: 15 },
    commands: {
      registerCommand: (_: string, work: unknown) => {
        user.command = work;
        return { dispose: () => undefined };
      },
    },
    workspace: { isTrusted: true },
    window: {
      ...fakePickers(user),
      showInformationMessage: say,
      showErrorMessage: say,
      withProgress: (_: unknown, work: (...args: unknown[]) => unknown) =>
        work({ report: () => undefined }, { onCancellationRequested: () => ({ dispose: () => undefined }) }),
    },
  };
});

const manifest = (tokens: number, sha256 = 'model') => ({
  ...{ seconds: 30, corpus: { tokens }, model: { id: 'made/here', sha256 } },
});
const entry = { folder: '/p/docs', name: 'docs', manifest: manifest(1000) };
const listed = [
  entry,
  { folder: '/p/book', name: 'book', manifest: manifest(2000) },
  { folder: '/p/else', name: 'of another model', manifest: manifest(2000, 'another') },
  { folder: '/p/broken', name: 'broken', reason: 'It is broken.' },
];
const results = {
  ...{ seconds: 60, named: { neurons: 65, of: 3072 } },
  concepts: [
    { refused: null, source: 'text' },
    { refused: null, source: 'text' },
    { refused: 'too few', source: 'text' },
  ],
};
const startControl = vi.fn((_: unknown, control: string) =>
  Promise.resolve({ control, named: { neurons: 25, of: 3072 }, tested: 1, refused: 2, notices: [] }),
);
const tests = { startControl, onDidChange: () => ({ dispose: () => undefined }), cancel: () => undefined };
let library: object[];
const lens = {
  ...{ tests, log: { info: () => undefined, error: () => undefined }, current: { entry } },
  concepts: { of: ({ length }: string) => Promise.resolve(length > 0 ? results : null) },
  library: { list: () => Promise.resolve(library) },
};
const run = (...args: unknown[]) => (user.command as (...all: unknown[]) => Promise<unknown>)(...args);

beforeEach(() => {
  Object.assign(user, { answers: [], shown: [], told: [] });
  startControl.mockClear();
  library = listed;
  activateControlCommands(lens as unknown as Parameters<typeof activateControlCommands>[0]);
});

describe('the command for controls', () => {
  it('makes the one that a page asks for, and says how many neurons it names beside the model itself', async () => {
    const said = await run({ entry, control: 'shuffled' });
    expect(said).toBe(
      'With shuffled weights 25 of 3,072 neurons would carry a name. Of the model itself 65 do. 1 concepts of the test are not in it.',
    );
    expect(user.told).toEqual([said]);
    expect(user.shown).toEqual([]);
    expect(startControl).toHaveBeenCalledWith(entry, 'shuffled', []);
  });

  it('lets one be picked, with what it will take, and the other profile of the same model', async () => {
    user.answers = ['Token embedding alone', 'Another profile…', 'book', null];
    await run();
    await run();
    expect(startControl.mock.calls.map(([, control]) => control)).toEqual(['embedding', '/p/book']);
    // The test took a minute and its profile half of one; the other has twice the tokens.
    expect(user.shown[0]).toEqual([
      'Shuffled weights | about 1 min 30 s',
      'Token embedding alone | at most 1 min 30 s',
      'Another profile… | of the same model',
    ]);
    expect(user.shown[2]).toEqual(['book | about 2 min 00 s']);
    await run({ kind: 'profile', entry });
    expect(startControl).toHaveBeenCalledTimes(2);
  });

  it('says what is missing: another profile of the model, or a test', async () => {
    library = listed.filter((one) => !('manifest' in one) || one === entry);
    await run({ entry, control: 'profile' });
    await run({ entry: { ...entry, folder: '' }, control: 'shuffled' });
    expect(user.told).toEqual([
      'There is no other profile of made/here. Profile other text with it first.',
      'No concepts were tested on docs yet. Run "Test Concepts…" first.',
    ]);
    expect(startControl).not.toHaveBeenCalled();
  });

  it('keeps nothing of one that is stopped, and says so', async () => {
    const { LensError } = await import('../../../src/core/common/errors');
    startControl.mockRejectedValueOnce(new LensError('cancelled', 'Stopped.'));
    expect(await run({ entry, control: 'shuffled' })).toBe('Stopped. Nothing is kept of the control.');
  });
});
