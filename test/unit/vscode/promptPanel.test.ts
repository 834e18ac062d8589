import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import type { PanelServices } from '../../../src/vscode/panels/commonAnswers';
import type { ProfileEntry } from '../../../src/vscode/profiles/profileEntry';
import { openPrompts, restorePrompts } from '../../../src/vscode/panels/promptPanel';
import { recordedPrompts } from '../../webview/promptMessages';
import { editorPanel } from './fakePanel';

const { vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
const {
  opened,
  serializers,
  vscode: panels,
} = await vi.hoisted(async () => (await import('./fakePanel')).fakePanels());
vi.mock('vscode', () => ({ ...vscode, ...panels }));

const { compared, attributed, prompts } = recordedPrompts;
const asked: [call: string, params: Record<string, unknown>][] = [];
const remember = (call: string, answer: unknown) => (params: Record<string, unknown>) => {
  asked.push([call, params]);
  return Promise.resolve(answer);
};
const entry = {
  ...{ folder: '/p', name: 'docs', recipe: { model: 'default' } },
  manifest: { model: { id: 'the embedded model', dtype: 'fp32' } },
} as unknown as ProfileEntry;
const services = {
  context: { extensionUri: 'extension:' },
  log: { error: () => undefined },
  pins: { all: [], onDidChange: () => ({ dispose: () => undefined }) },
  library: { find: (folder: string) => Promise.resolve(folder === '/p' ? entry : null) },
  engine: {
    calls: {
      comparePrompts: remember('comparePrompts', compared),
      mostDifferent: remember('mostDifferent', { neuron: 'L1.N7', difference: 2, unit: 'quantile' }),
      attribute: remember('attribute', attributed),
    },
  },
  current: {
    reader: () =>
      Promise.resolve({
        neuron: ({ layer }: { layer: number }) =>
          layer < 9
            ? Promise.resolve({ facts: { stats: { min: -0.17, max: 5 } } })
            : Promise.reject(new LensError('not-found', 'no such layer')),
      }),
  },
  concepts: {
    of: () => Promise.resolve({ names: { 'L3.N341': { concept: 'digits', auroc: 0.9, ap: 0.8 } } }),
  },
  tokens: { of: () => Promise.resolve(new Map()) },
} as unknown as PanelServices;

const model = { model: 'some/model', dtype: 'q8' };
const neurons = [...compared.neurons];

beforeEach(() => {
  for (const list of [opened, serializers, asked]) list.length = 0;
});

describe('a page of prompts', () => {
  it('asks the engine with the profile’s model, and adds scales and meanings of the profile', async () => {
    openPrompts(services, { entry, model, prompts, neurons });
    const [panel] = opened;
    expect(await panel!.call('prompts')).toMatchObject({
      value: {
        profile: { id: '/p', name: 'docs' },
        model: { id: 'default', dtype: 'fp32' },
        prompts,
        neurons,
      },
    });
    const patch = { from: 0, to: 1, at: 'last' };
    const answer = await panel!.call('compare', { prompts, neurons: ['L3.N341', 'L9.N1'], patch });
    expect(asked[0]).toEqual([
      'comparePrompts',
      expect.objectContaining({ model: 'default', dtype: 'fp32', prompts, patch, controls: 20 }),
    ]);
    expect(answer).toMatchObject({
      value: {
        ...{ answer: compared, ranges: [5, null] },
        meanings: { 'L3.N341': 'digits', 'L9.N1': 'no concept above 0.8' },
      },
    });
    await panel!.call('mostDifferent', { from: 'a', to: 'b', without: [] });
    expect(asked[1]).toEqual(['mostDifferent', expect.objectContaining({ profile: '/p', from: 'a' })]);
    const told = await panel!.call('attribute', { text: 'a', token: null, against: '#5', check: false });
    expect(asked[2]).toEqual([
      'attribute',
      expect.objectContaining({ against: '#5', check: false, neurons: 50 }),
    ]);
    expect(told).toMatchObject({ value: { answer: attributed } });
  });

  it('opens anew for each wish, and comes back without the profile that it had where that is gone', async () => {
    openPrompts(services, { entry: null, model, prompts, neurons });
    openPrompts(services, { entry, model, prompts, neurons });
    expect(opened).toHaveLength(2);
    restorePrompts(services);
    const back = editorPanel();
    const question = { prompt: 0, token: null, against: null };
    const state = {
      ...{ prompts, neurons, colouring: null, patch: null, question },
      model: 'm',
      dtype: null,
    };
    await serializers[0]!.deserializeWebviewPanel(back.panel, { ...state, profile: '/gone' });
    expect(await back.call('prompts')).toMatchObject({
      value: { profile: null, model: { id: 'm', dtype: null }, prompts },
    });
    const answer = await back.call('compare', { prompts, neurons, patch: null });
    expect(answer).toMatchObject({ value: { ranges: neurons.map(() => null), meanings: null } });
  });
});
