import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import type { EngineClient } from '../../../src/vscode/engineClient/engineClient';
import type { ProfileRecipe } from '../../../src/vscode/profiles/profileEntry';
import type { ProfileLibrary } from '../../../src/vscode/profiles/profileLibrary';
import { ProfileRuns, type ProfileRun } from '../../../src/vscode/profiles/profileRuns';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
vi.mock('vscode', () => vscode);

const recipe: ProfileRecipe = {
  name: 'the docs',
  model: 'default',
  dtype: 'q8',
  inputs: ['/docs/a.md'],
  root: '/docs',
  exclude: ['*.log'],
  range: { from: { line: 3, column: 1 }, to: { line: 9, column: 5 } },
};
const BEGUN = { folder: '/out', recipe, progress: null };
const OUTCOME = { state: 'complete', tokens: 12, notices: [] };
const CRASH = new LensError('engine-unavailable', 'The engine ended.');

/** What the engine does with each request, and what it was asked. */
const engine = { exhausted: false, calls: { profile: vi.fn() } };
const library = { find: vi.fn(), refresh: vi.fn() };
let runs: ProfileRuns;
let seen: (ProfileRun | null)[];

beforeEach(() => {
  vi.resetAllMocks();
  engine.exhausted = false;
  editor.ran.length = 0;
  runs = new ProfileRuns(engine as unknown as EngineClient, library as unknown as ProfileLibrary);
  seen = [];
  runs.onDidChange((run) => seen.push(run));
});

const resumes = () =>
  engine.calls.profile.mock.calls.map(([request]) => (request as { resume: boolean }).resume);

describe('a run that makes a profile', () => {
  it('hands the whole recipe on, tells how far it is, and that it ended', async () => {
    const progress = { tokens: 5 };
    engine.calls.profile.mockImplementation((_request, { onProgress }) => {
      expect(runs.current).toEqual(BEGUN);
      expect(editor.ran).toEqual([['setContext', 'neuronLens.running', true]]);
      (onProgress as (step: unknown) => void)(progress);
      return Promise.resolve(OUTCOME);
    });
    expect(await runs.start('/out', recipe, false)).toBe(OUTCOME);
    expect(engine.calls.profile.mock.calls[0]?.[0]).toEqual({
      inputs: ['/docs/a.md'],
      root: '/docs',
      range: { from: { line: 3, column: 1 }, to: { line: 9, column: 5 } },
      exclude: ['*.log'],
      model: 'default',
      dtype: 'q8',
      out: '/out',
      resume: false,
      threads: null,
    });
    expect(seen).toEqual([BEGUN, { ...BEGUN, progress }, null]);
    expect(runs.current).toBeNull();
    expect(library.refresh).toHaveBeenCalledOnce();
    expect(editor.ran).toEqual([
      ['setContext', 'neuronLens.running', true],
      ['setContext', 'neuronLens.running', false],
    ]);
  });

  it('goes on after a crash: from what was saved, or from the beginning where nothing was', async () => {
    engine.calls.profile
      .mockRejectedValueOnce(CRASH)
      .mockRejectedValueOnce(CRASH)
      .mockResolvedValueOnce(OUTCOME);
    library.find.mockResolvedValueOnce(null).mockResolvedValueOnce({ folder: '/out' });
    expect(await runs.start('/out', recipe, true)).toBe(OUTCOME);
    expect(resumes()).toEqual([true, false, true]);
    // What the crashed engine had counted no longer stands.
    expect(seen).toEqual([BEGUN, BEGUN, BEGUN, null]);
  });

  it.each([
    ['what is no crash', () => new LensError('disk-full', 'No space.')],
    ['a crash of an engine that gave up', () => ((engine.exhausted = true), CRASH)],
    ['a crash while the reader stops it', () => (runs.cancel(), CRASH)],
  ])('ends with %s', async (_kind, fail) => {
    engine.calls.profile.mockImplementation(() => Promise.reject(fail()));
    await expect(runs.start('/out', recipe, false)).rejects.toBeInstanceOf(LensError);
    expect(resumes()).toEqual([false]);
    expect(runs.current).toBeNull();
    expect(library.refresh).toHaveBeenCalledOnce();
  });

  /** An engine that works on every request until it is stopped. */
  const untilStopped = () =>
    engine.calls.profile.mockImplementation(
      (_request, { signal }: { signal: AbortSignal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(OUTCOME))),
    );
  const asked = () => engine.calls.profile.mock.calls.map(([request]) => (request as { out: string }).out);

  it('waits for the one before it; stopping ends that one and none that waits', async () => {
    runs.cancel();
    untilStopped();
    const first = runs.start('/out', recipe, false);
    const second = runs.start('/second', recipe, false);
    const third = runs.start('/third', recipe, false);
    expect(runs.waiting.map(({ folder }) => folder)).toEqual(['/second', '/third']);
    expect(asked()).toEqual(['/out']);
    runs.cancel();
    await first;
    await vi.waitFor(() => expect(asked()).toEqual(['/out', '/second']));
    expect(runs.waiting.map(({ folder }) => folder)).toEqual(['/third']);
    const signals = engine.calls.profile.mock.calls.map(([, { signal }]) => (signal as AbortSignal).aborted);
    expect(signals).toEqual([true, false]);
    runs.cancel();
    await second;
    await vi.waitFor(() => expect(runs.current?.folder).toBe('/third'));
    runs.cancel();
    await third;
    expect(runs.current).toBeNull();
  });

  it('is made though the one before it failed, and not once it has left the queue', async () => {
    engine.calls.profile.mockRejectedValueOnce(new LensError('disk-full', 'No space.'));
    const first = runs.start('/out', recipe, false);
    engine.calls.profile.mockResolvedValue(OUTCOME);
    const left = runs.start('/left', recipe, false);
    const third = runs.start('/third', recipe, false);
    runs.leaveQueue('/left');
    runs.leaveQueue('/never-there');
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    await expect(first).rejects.toMatchObject({ code: 'disk-full' });
    await third;
    expect(asked()).toEqual(['/out', '/third']);
    await runs.start('/later', recipe, false);
    expect(asked()).toEqual(['/out', '/third', '/later']);
  });
});
