import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import { makeProfile, resumeProfile, type MakingServices } from '../../../src/vscode/profiles/makeProfile';
import type { ProfileEntry, ProfileRecipe } from '../../../src/vscode/profiles/profileEntry';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
vi.mock('vscode', () => vscode);
const { workspace } = vscode as { workspace: { isTrusted: boolean; textDocuments: object[] } };

const recipe: ProfileRecipe = {
  name: 'docs',
  model: 'default',
  inputs: ['/docs/a.md'],
  root: '/',
  exclude: [],
};
/** A folder in which something is found, so that something of the run was kept. */
const KEPT = { folder: '/home/docs' };
const parts = {
  log: { warn: vi.fn(), show: vi.fn() },
  library: { create: vi.fn(), find: vi.fn(), remove: vi.fn() },
  current: { use: vi.fn(), entry: null as object | null },
  runs: { start: vi.fn(), current: null as object | null },
  pages: { showFirst: vi.fn() },
};
const services = parts as unknown as MakingServices;

beforeEach(() => {
  vi.resetAllMocks();
  for (const list of [editor.presses, editor.questions]) list.length = 0;
  Object.assign(workspace, { isTrusted: true, textDocuments: [] });
  parts.library.create.mockResolvedValue('/home/docs');
  parts.library.find.mockResolvedValue(KEPT);
  Object.assign(parts.current, { entry: null });
  Object.assign(parts.runs, { current: null });
});

const ends = (outcome: object) =>
  parts.runs.start.mockResolvedValue({ tokens: 1234, notices: [], ...outcome });

describe('making a profile', () => {
  it('opens it when it is complete, and says nothing where there is nothing to say', async () => {
    ends({ state: 'complete' });
    await makeProfile(services, recipe);
    expect(parts.runs.start).toHaveBeenCalledExactlyOnceWith('/home/docs', recipe, false);
    expect(parts.pages.showFirst).toHaveBeenCalledExactlyOnceWith('/home/docs');
    expect(parts.current.use).not.toHaveBeenCalled();
    expect(parts.library.remove).not.toHaveBeenCalled();
    expect(editor.questions).toEqual([]);
  });

  it.each([
    [1234, undefined, 0, 'docs is profiled: 1,234 tokens.'],
    [999, 'Open', 1, 'docs is profiled: 999 tokens. So few say little of a neuron: profile more text.'],
  ])(
    'leaves what is read as it is: it says that %d tokens are there, and opens them on %s',
    async (...given) => {
      const [tokens, press, opened, sentence] = given;
      Object.assign(parts.current, { entry: {} });
      ends({ state: 'complete', tokens });
      if (press) editor.presses.push(press);
      await makeProfile(services, recipe);
      expect(editor.questions).toEqual([sentence]);
      expect(parts.pages.showFirst).toHaveBeenCalledTimes(opened);
    },
  );

  it('says what it waits for', async () => {
    Object.assign(parts.runs, { current: { recipe: { name: 'the others' } } });
    ends({ state: 'complete' });
    await makeProfile(services, recipe);
    expect(editor.questions).toEqual(['docs is profiled when the others is done.']);
  });

  it.each([
    [['one'], ['one'], 0],
    [['one', 'two', 'three'], ['one (and 2 more notes in the log)'], 1],
  ])('logs every notice of %j and shows the first', async (notices, questions, shown) => {
    ends({ state: 'complete', notices });
    if (shown > 0) editor.presses.push('Show Log');
    await makeProfile(services, recipe);
    expect(parts.log.warn.mock.calls.flat()).toEqual(notices);
    expect(editor.questions).toEqual(questions);
    expect(parts.log.show).toHaveBeenCalledTimes(shown);
  });

  it.each([
    ['Open Results', 1],
    [undefined, 0],
  ])('takes up what was kept of a stopped one, and opens it on %s', async (press, opened) => {
    ends({ state: 'partial' });
    if (press) editor.presses.push(press);
    await makeProfile(services, recipe);
    expect(parts.current.use).toHaveBeenCalledExactlyOnceWith('/home/docs');
    expect(editor.questions).toEqual(['Stopped. 1,234 tokens of docs are kept as a partial profile.']);
    expect(parts.pages.showFirst).toHaveBeenCalledTimes(opened);
    expect(parts.library.remove).not.toHaveBeenCalled();
  });

  it('removes the folder of one that was stopped before anything was kept', async () => {
    parts.library.find.mockResolvedValue(null);
    ends({ state: 'partial' });
    await makeProfile(services, recipe);
    expect(parts.library.remove).toHaveBeenCalledExactlyOnceWith('/home/docs');
    expect(editor.questions).toEqual(['Stopped before anything of docs was kept.']);
    expect(parts.current.use).not.toHaveBeenCalled();
    expect(parts.pages.showFirst).not.toHaveBeenCalled();
  });

  it.each([
    ['nothing was kept', null, 1],
    ['something was kept', KEPT, 0],
  ])(
    'passes a failure on, and removes the folder only where nothing was kept: %s',
    async (_case, found, removed) => {
      parts.library.find.mockResolvedValue(found);
      const failure = new LensError('disk-full', 'No space.');
      parts.runs.start.mockRejectedValue(failure);
      await expect(makeProfile(services, recipe)).rejects.toBe(failure);
      expect(parts.library.remove).toHaveBeenCalledTimes(removed);
    },
  );

  it('hands on one that is complete, and none that was stopped', async () => {
    const done: string[] = [];
    const making = { ...services, whenComplete: (folder: string) => Promise.resolve(void done.push(folder)) };
    ends({ state: 'complete' });
    await makeProfile(making, recipe);
    ends({ state: 'partial' });
    await makeProfile(making, recipe);
    expect(done).toEqual(['/home/docs']);
  });

  it('makes nothing in a workspace that is not trusted', async () => {
    workspace.isTrusted = false;
    await expect(makeProfile(services, recipe)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('only in a trusted workspace') as string,
    });
    expect(parts.library.create).not.toHaveBeenCalled();
  });

  it('warns of a file with unsaved changes only where it is one of those that are read', async () => {
    ends({ state: 'complete' });
    const document = (path: string, isDirty: boolean) => ({ isDirty, fileName: path, uri: { fsPath: path } });
    workspace.textDocuments = [document('/docs/other.md', true), document('/docs/a.md', false)];
    await makeProfile(services, { ...recipe, inputs: ['/docs/a.md', '/docs/b.md'] });
    expect(editor.questions).toEqual([]);
    workspace.textDocuments.push(document('/docs/b.md', true));
    await makeProfile(services, { ...recipe, inputs: ['/docs/a.md', '/docs/b.md'] });
    expect(editor.questions).toEqual([expect.stringMatching(/^b\.md has unsaved changes/)]);
  });
});

describe('going on with a profile', () => {
  const manifest = { model: { id: 'by the manifest', dtype: 'q8' } };

  it('runs its recipe with the very file of its model', async () => {
    ends({ state: 'complete' });
    await resumeProfile(services, { folder: '/home/docs', recipe, manifest } as unknown as ProfileEntry);
    expect(parts.runs.start).toHaveBeenCalledExactlyOnceWith('/home/docs', { ...recipe, dtype: 'q8' }, true);
  });

  it('is refused without a recipe', async () => {
    const elsewhere = { folder: '/elsewhere', recipe: null, manifest } as unknown as ProfileEntry;
    await expect(resumeProfile(services, elsewhere)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('made elsewhere') as string,
    });
    expect(parts.runs.start).not.toHaveBeenCalled();
  });
});
