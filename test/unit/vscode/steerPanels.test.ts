import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import { FIRST_CORPUS, type SteerState, type SteerSubject } from '../../../src/protocol/pages/steer';
import type { PanelServices } from '../../../src/vscode/panels/commonAnswers';
import type { Steered } from '../../../src/vscode/panels/steerPanel';
import { SteerPanels } from '../../../src/vscode/panels/steerPanels';
import { corpusFile } from '../../../src/core/profile/profileFiles';
import { encodeFiles } from '../../../src/core/profile/files/filesTable';
import { temporaryFolder } from '../files/temporaryFolder';
import { recordedAblations, recordedCorpusAblation } from '../../webview/steerMessages';
import { FIRST_SETUP } from '../../../webview/steer/setup/question';
import { editorPanel } from './fakePanel';

type EngineCall = (
  params: object,
  options: { signal: AbortSignal; onProgress?: (value: unknown) => void },
) => Promise<unknown>;

const { vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
const {
  opened,
  serializers,
  vscode: panels,
} = await vi.hoisted(async () => (await import('./fakePanel')).fakePanels());
vi.mock('vscode', () => ({ ...vscode, ...panels }));

const { answer, tokens, text } = recordedAblations.next;
const ablate = vi.fn<EngineCall>();
const ablateCorpus = vi.fn<EngineCall>();
const promptTokens = vi.fn<EngineCall>(() => Promise.resolve(tokens));
const entry = {
  folder: '/p',
  name: 'docs',
  recipe: { model: 'default' },
  manifest: { model: { id: 'default', dtype: 'fp32' } },
} as unknown as NonNullable<Steered['entry']>;
let moved: Record<string, string> = {};
const services = {
  context: { extensionUri: 'extension:', workspaceState: { get: () => moved } },
  log: { error: () => undefined },
  pins: { all: [], onDidChange: () => ({ dispose: () => undefined }) },
  library: { find: (folder: string) => Promise.resolve(folder === '/p' ? entry : null) },
  engine: { calls: { ablate, ablateCorpus, promptTokens } },
  concepts: {
    of: () =>
      Promise.resolve({
        concepts: [
          { name: 'digits', refused: null },
          { name: 'rare', refused: 'too few' },
          { name: 'quotes', refused: null },
        ],
        names: { 'L3.N341': { concept: 'quotes' }, 'L0.N1': { concept: 'digits' } },
      }),
  },
  current: {
    reader: () =>
      Promise.resolve({
        tables: [0, 1, 0].map((layer) => ({
          site: { part: 'model', layer, block: null, expert: null, dFf: 768 },
        })),
        neuron: ({ neuron }: { neuron: number }) => {
          if (neuron > 767) return Promise.reject(new LensError('not-found', 'no such neuron'));
          return Promise.resolve({ facts: { stats: { mean: 0.5 } }, quantile: (p: number) => 1000 * p });
        },
      }),
  },
} as unknown as PanelServices;

const question = {
  ...{ text, changes: ['L3.N341=0'], at: 'all', controls: 20, seed: 1 },
  generation: { tokens: 3, temperature: 0, topP: 1 },
};
const steered = { entry, model: { model: 'other' }, prompt: text, neurons: ['L3.N341'] };

beforeEach(() => {
  for (const list of [opened, serializers]) list.length = 0;
  ablate.mockReset();
  ablateCorpus.mockReset();
  moved = {};
  promptTokens.mockClear();
});

describe('the pages that change neurons', () => {
  it('say what they were opened for, with the profile’s own model and layers', async () => {
    const pages = new SteerPanels(services);
    pages.show(steered);
    const { value } = (await opened[0]!.call('steer')) as { value: SteerSubject };
    expect(value).toEqual({
      ...{ prompt: text, neurons: ['L3.N341'], asked: value.asked },
      model: { model: 'default', dtype: 'fp32' },
      profile: { id: '/p', name: 'docs' },
      layers: [
        { site: 'L0', neurons: 768 },
        { site: 'L1', neurons: 768 },
      ],
    });
    pages.show({ ...steered, entry: null, prompt: null, neurons: [] });
    expect(opened).toHaveLength(1);
    expect(await opened[0]!.call('steer')).toMatchObject({
      value: { profile: null, layers: null, model: { model: 'other' }, prompt: null, neurons: [] },
    });
  });

  it('pass questions to the engine with the model, its progress back, and cancel with the page', async () => {
    new SteerPanels(services).show(steered);
    const [panel] = opened;
    let signal: AbortSignal | undefined;
    ablate.mockImplementation((_, options) => {
      signal = options.signal;
      options.onProgress!({ kind: 'written', side: 'before', text: ' of' });
      return new Promise(() => undefined);
    });
    await panel!.call('ablate', question);
    expect(ablate.mock.calls[0]![0]).toEqual({ model: 'default', dtype: 'fp32', ...question });
    expect(panel!.news()).toEqual([{ kind: 'written', side: 'before', text: ' of' }]);
    expect(await panel!.call('tokens', { text: 'The' })).toMatchObject({ value: tokens });
    expect(promptTokens.mock.calls[0]![0]).toEqual({ model: 'default', dtype: 'fp32', text: 'The' });
    panel!.close();
    expect(signal!.aborted).toBe(true);
  });

  it('hand on the sentence and the kind of what goes wrong, unshown by the editor', async () => {
    new SteerPanels(services).show(steered);
    ablate.mockRejectedValue(new LensError('identity-failed', 'The output differs.'));
    expect(await opened[0]!.call('ablate', question)).toMatchObject({
      kind: 'failure',
      failure: { code: 'identity-failed', message: 'The output differs.' },
    });
  });

  it('know the mean and the quantile of neurons that the profile has', async () => {
    new SteerPanels(services).show(steered);
    const asked = { neurons: ['L3.N341', 'no neuron', 'L3.N900'] };
    expect(await opened[0]!.call('strengths', asked)).toMatchObject({
      value: [{ mean: 0.5, quantile: 999 }, null, null],
    });
  });

  it('come back after a reload with what was opened and what was set up', async () => {
    new SteerPanels(services).restore();
    const state: SteerState = {
      ...{ asked: 7, profile: '/p', model: { model: 'default', dtype: 'fp32' } },
      setup: { ...FIRST_SETUP, prompt: text, neurons: ['L3.N341'] },
      run: { setup: FIRST_SETUP, tokens, answer },
      corpus: FIRST_CORPUS,
    };
    const back = editorPanel();
    await serializers[0]!.deserializeWebviewPanel(back.panel, state);
    expect(await back.call('steer')).toMatchObject({
      value: { asked: 7, profile: { id: '/p' }, prompt: text, neurons: ['L3.N341'] },
    });
    const gone = editorPanel();
    await serializers[0]!.deserializeWebviewPanel(gone.panel, { ...state, profile: '/gone' });
    expect(await gone.call('steer')).toMatchObject({ value: { profile: null, model: state.model } });
    const dispose = vi.fn();
    await serializers[0]!.deserializeWebviewPanel({ dispose }, { setup: 7 });
    expect(dispose).toHaveBeenCalledOnce();
  });
});

describe('a run over the corpus of the profile', () => {
  const folder = temporaryFolder();
  const { tokens: limitTokens, answer: found } = recordedCorpusAblation;
  const asked = { changes: ['L3.N341=0'], controls: 20, seed: 1, limitTokens, concept: 'quotes' };
  const at = (...parts: string[]) => path.join(folder.path, ...parts);

  /** A page of a profile of these files, of which some lie here; with what asks it for a run. */
  async function openedOver(files: readonly string[], here: readonly string[]) {
    for (const name of ['profile', 'corpus', 'moved']) await mkdir(at(name), { recursive: true });
    for (const name of here) await writeFile(at(name), 'text');
    const table = await encodeFiles(files.map((file) => ({ file, bytes: 4, sha256: '' })));
    await writeFile(at('profile', corpusFile(null)), Buffer.concat(table));
    const corpus = { root: at('corpus'), files: 3, tokens: 900 };
    const model = { id: 'default', dtype: 'fp32' };
    const manifest = { model, corpus, snapshot: null, tokensPerSecond: 450 };
    new SteerPanels(services).show({
      ...steered,
      entry: { ...entry, folder: at('profile'), manifest } as unknown as typeof entry,
    });
    ablateCorpus.mockResolvedValue(found);
    const [panel] = opened;
    return async () => {
      const before = panel!.posted.length;
      await panel!.call('ablateCorpus', asked);
      await vi.waitFor(() => expect(panel!.posted.length).toBeGreaterThan(before), 10_000);
      return panel!.posted.at(-1)!;
    };
  }

  it('offers tested concepts, names of the neurons first', async () => {
    await openedOver(['a.md'], ['corpus/a.md']);
    expect(await opened[0]!.call('corpus', { neurons: ['L3.N341'] })).toMatchObject({
      value: { files: 3, tokens: 900, tokensPerSecond: 450, concepts: ['quotes', 'digits'], own: 1 },
    });
  });

  it('asks the engine for the profile’s own files, and says which are gone', async () => {
    const ask = await openedOver(['a.md', 'gone.md'], ['corpus/a.md', 'corpus/other.md']);
    const { value } = await ask();
    expect(ablateCorpus.mock.calls[0]![0]).toEqual({
      ...{ model: 'default', dtype: 'fp32', ...asked, exclude: [] },
      ...{ root: at('corpus'), inputs: [at('corpus/a.md')], profile: at('profile') },
    });
    expect((value as typeof found).notices).toEqual([
      expect.stringContaining('Of 2 profiled files 1 are no longer under'),
      ...found.notices,
    ]);
  });

  it('finds a corpus that was moved where the reader said, and says where it is missing', async () => {
    moved = { [at('corpus')]: at('moved') };
    const ask = await openedOver(['a.md'], ['moved/a.md']);
    expect((await ask()).kind).toBe('result');
    expect(ablateCorpus.mock.calls[0]![0]).toMatchObject({ root: at('moved'), inputs: [at('moved/a.md')] });
    await rm(at('moved/a.md'));
    const { failure } = await ask();
    expect(failure?.message).toMatch(
      /^None of the 1 files of the profile “docs” is under .*moved or .*corpus/,
    );
    expect(ablateCorpus).toHaveBeenCalledOnce();
  });
});
