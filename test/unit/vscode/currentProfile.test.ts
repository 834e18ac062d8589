import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExtensionContext } from 'vscode';
import { CurrentProfile } from '../../../src/vscode/profiles/currentProfile';
import type { ProfileLibrary } from '../../../src/vscode/profiles/profileLibrary';
import { openProfileFolder } from '../../../src/vscode/profiles/profileTables';
import { fakeContext } from './fakeEditor';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
vi.mock('vscode', () => vscode);
vi.mock('../../../src/vscode/profiles/profileTables', () => ({ openProfileFolder: vi.fn() }));
const open = vi.mocked(openProfileFolder);

const readable = (folder: string) => ({ folder, manifest: {} });
const damaged = { folder: '/damaged', reason: 'Its manifest is cut off.' };
const library = { find: vi.fn(), list: vi.fn() };
let context: ExtensionContext;
let current: CurrentProfile;
let changes: number;

const anew = () => {
  current = new CurrentProfile(context, library as unknown as ProfileLibrary);
  changes = 0;
  current.onDidChange(() => (changes += 1));
};

beforeEach(() => {
  vi.resetAllMocks();
  editor.ran.length = 0;
  context = fakeContext('/storage');
  library.find.mockImplementation((folder: string) =>
    Promise.resolve(folder === '/gone' ? null : folder === '/damaged' ? damaged : readable(folder)),
  );
  library.list.mockResolvedValue([readable('/newest'), readable('/older')]);
  anew();
});

describe('the current profile', () => {
  it('is the one that was used last, over a restart', async () => {
    expect(current.entry).toBeNull();
    const used = await current.use('/older');
    expect([used, current.entry]).toEqual([readable('/older'), readable('/older')]);
    expect([changes, editor.ran]).toEqual([1, [['setContext', 'neuronLens.hasProfile', true]]]);
    anew();
    await current.restore();
    expect(current.entry).toEqual(readable('/older'));
  });

  it('is the newest where none was used or the last one is gone, and none where none can be read', async () => {
    await current.restore();
    expect(current.entry).toEqual(readable('/newest'));
    await context.workspaceState.update('currentProfile', '/gone');
    anew();
    await current.restore();
    expect(current.entry).toEqual(readable('/newest'));
    for (const found of [[], [damaged]]) {
      library.list.mockResolvedValue(found);
      await current.restore();
      expect(current.entry).toBeNull();
      expect(editor.ran.at(-1)).toEqual(['setContext', 'neuronLens.hasProfile', false]);
    }
  });

  it('stays what it is where another cannot be used', async () => {
    await current.use('/older');
    await expect(current.use('/gone')).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no profile in /gone. Choose another folder.',
    });
    await expect(current.use('/damaged')).rejects.toMatchObject({
      code: 'invalid-profile',
      message: damaged.reason,
    });
    expect([changes, current.entry]).toEqual([1, readable('/older')]);
    expect(context.workspaceState.get('currentProfile')).toBe('/older');
  });

  it('keeps the neuron that hovers tell of', async () => {
    expect(current.neuron).toBeNull();
    await current.chooseNeuron('L3.N652');
    anew();
    expect(current.neuron).toBe('L3.N652');
    await current.chooseNeuron(null);
    expect([current.neuron, changes]).toEqual([null, 1]);
  });
});

describe('a profile that is read', () => {
  const opened = (state: string) => ({ manifest: { state }, refresh: vi.fn(), close: vi.fn() });
  const opens = (profile: object) => open.mockResolvedValueOnce(profile as never);

  it('is opened once, at the place where its corpus lies now, and anew after it was closed', async () => {
    const first = opened('complete');
    opens(first);
    expect(await Promise.all([current.reader('/a'), current.reader('/a')])).toEqual([first, first]);
    expect(open).toHaveBeenCalledOnce();
    expect(first.refresh).not.toHaveBeenCalled();
    await context.workspaceState.update('corpusRoots', { '/profiled': '/here' });
    const [folder, rootsOf] = open.mock.calls[0]!;
    expect([folder, rootsOf!('/profiled')]).toEqual(['/a', ['/here', '/profiled']]);
    await current.forget('/a');
    expect(first.close).toHaveBeenCalledOnce();
    opens(opened('complete'));
    await current.reader('/a');
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('is brought up to date at each reading while it is written', async () => {
    const partial = opened('partial');
    opens(partial);
    await current.reader('/a');
    await current.reader('/a');
    expect([open.mock.calls.length, partial.refresh.mock.calls.length]).toEqual([1, 2]);
  });

  it('is tried again after it could not be opened', async () => {
    open.mockRejectedValueOnce(new Error('busy'));
    await expect(current.reader('/a')).rejects.toThrow('busy');
    opens(opened('complete'));
    await current.reader('/a');
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('needs no closing where it was never opened, or could not be', async () => {
    await current.forget('/never');
    open.mockRejectedValueOnce(new Error('busy'));
    const reading = current.reader('/a');
    const outcome = Promise.allSettled([reading, current.forget('/a')]);
    expect((await outcome).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});
