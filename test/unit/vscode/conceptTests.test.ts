import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import type { ConceptsProgress } from '../../../src/protocol/engine';
import type { EngineClient } from '../../../src/vscode/engineClient/engineClient';
import { ConceptTests, stepOf, type ConceptTest } from '../../../src/vscode/profiles/conceptTests';
import type { ProfileEntry } from '../../../src/vscode/profiles/profileEntry';
import type { ProfileLibrary } from '../../../src/vscode/profiles/profileLibrary';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
vi.mock('vscode', () => vscode);

/** A profile that was made elsewhere: its model is known by the manifest alone. */
const entry = {
  folder: '/home/docs',
  name: 'docs',
  manifest: { model: { id: 'made/elsewhere', dtype: 'q8' } },
  recipe: null,
} as unknown as ProfileEntry;
const OUTCOME = { tested: 26, refused: 54, named: 3, neurons: 9216 };
const BEGUN = { folder: '/home/docs', name: 'docs', control: null, progress: null };

const engine = { calls: { concepts: vi.fn() } };
const library = { refresh: vi.fn() };
let tests: ConceptTests;
let seen: (ConceptTest | null)[];

beforeEach(() => {
  vi.resetAllMocks();
  editor.ran.length = 0;
  tests = new ConceptTests(engine as unknown as EngineClient, library as unknown as ProfileLibrary);
  seen = [];
  tests.onDidChange((test) => seen.push(test));
});

describe('a test of concepts on a profile', () => {
  it('asks the engine for that profile and its model, tells how far it is, and that it ended', async () => {
    const progress = { step: 'labels', done: 5, total: 9 };
    engine.calls.concepts.mockImplementation((_request, { onProgress }) => {
      expect(tests.current).toEqual(BEGUN);
      expect(editor.ran).toEqual([['setContext', 'neuronLens.testingConcepts', true]]);
      (onProgress as (step: unknown) => void)(progress);
      expect(library.refresh).not.toHaveBeenCalled();
      return Promise.resolve(OUTCOME);
    });
    expect(await tests.start(entry)).toBe(OUTCOME);
    expect(engine.calls.concepts.mock.calls[0]?.[0]).toEqual({
      ...{ model: 'made/elsewhere', dtype: 'q8' },
      ...{ profile: '/home/docs', threads: null },
    });
    expect(seen).toEqual([BEGUN, { ...BEGUN, progress }, null]);
    expect(tests.current).toBeNull();
    expect(library.refresh).toHaveBeenCalledOnce();
    expect(editor.ran).toEqual([
      ['setContext', 'neuronLens.testingConcepts', true],
      ['setContext', 'neuronLens.testingConcepts', false],
    ]);
  });

  it('is one at a time, and stopping ends the one there is and no later one', async () => {
    tests.cancel();
    const cancelled = new LensError('cancelled', 'Stopped.');
    engine.calls.concepts.mockImplementation(
      (_request, { signal }: { signal: AbortSignal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(cancelled))),
    );
    const first = tests.start(entry);
    await expect(tests.start({ ...entry, folder: '/home/other', name: 'other' })).rejects.toMatchObject({
      code: 'usage',
      message: 'Concepts are being tested on docs. Wait for it, or stop it first.',
    });
    expect(tests.current).toEqual(BEGUN);
    tests.cancel();
    await expect(first).rejects.toBe(cancelled);
    expect([tests.current, seen.at(-1), library.refresh.mock.calls.length]).toEqual([null, null, 1]);
    engine.calls.concepts.mockResolvedValue(OUTCOME);
    await tests.start(entry, { only: ['nouns'] });
    const asked = engine.calls.concepts.mock.calls.map(([request]) => (request as { only?: unknown }).only);
    expect(asked).toEqual([undefined, ['nouns']]);
    const signals = engine.calls.concepts.mock.calls.map(([, { signal }]) => (signal as AbortSignal).aborted);
    expect(signals).toEqual([true, false]);
  });
});

it.each<[ConceptsProgress | null, string]>([
  [null, 'opening the model'],
  [{ step: 'labels', done: 0, total: 80 }, 'step 1 of 4: labelling 0 %'],
  // Rounded down: it says 100 % only where the step is done, and no more where a count ran over.
  [{ step: 'choosing', done: 999, total: 1000 }, 'step 2 of 4: choosing neurons on half A 99 %'],
  [{ step: 'measuring', done: 1001, total: 1000 }, 'step 3 of 4: measuring the chosen 100 %'],
  [{ step: 'figures', done: 0, total: 0 }, 'step 4 of 4: figures'],
])('says of %j how far it is', (progress, words) => {
  expect(stepOf({ ...BEGUN, progress })).toBe(words);
});

it('counts the profile of a control as a step, where it makes one', () => {
  const progress = { step: 'labels', done: 0, total: 0 } as const;
  expect(stepOf({ progress, control: 'shuffled' })).toBe('step 2 of 5: labelling');
  expect(stepOf({ progress, control: '/profiles/other' })).toBe('step 1 of 4: labelling');
});
