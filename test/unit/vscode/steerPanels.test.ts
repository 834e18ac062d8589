import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import type { SteerState, SteerSubject } from '../../../src/protocol/pages/steer';
import type { PanelServices } from '../../../src/vscode/panels/commonAnswers';
import type { Steered } from '../../../src/vscode/panels/steerPanel';
import { SteerPanels } from '../../../src/vscode/panels/steerPanels';
import { recordedAblations } from '../../webview/steerMessages';
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
const promptTokens = vi.fn<EngineCall>(() => Promise.resolve(tokens));
const entry = {
  folder: '/p',
  name: 'docs',
  recipe: { model: 'default' },
  manifest: { model: { id: 'default', dtype: 'fp32' } },
} as unknown as NonNullable<Steered['entry']>;
const services = {
  context: { extensionUri: 'extension:' },
  log: { error: () => undefined },
  pins: { all: [], onDidChange: () => ({ dispose: () => undefined }) },
  library: { find: (folder: string) => Promise.resolve(folder === '/p' ? entry : null) },
  engine: { calls: { ablate, promptTokens } },
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
