import { beforeEach, expect, it, vi } from 'vitest';
import { activateLayerCommands } from '../../../src/vscode/commands/layerCommands';
import { pick } from '../../../src/vscode/surfaces/picks';

const { vscode, editor } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
const commands = new Map<string, () => Promise<void>>();
vi.mock('vscode', () => ({
  ...vscode,
  commands: { registerCommand: (name: string, run: () => Promise<void>) => commands.set(name, run) },
}));
vi.mock('../../../src/vscode/surfaces/picks', () => ({ pick: vi.fn() }));
const reports: unknown[] = [];
vi.mock('../../../src/vscode/surfaces/messages', () => ({
  tellError: (text: string) => Promise.reject(new Error(text)),
  whileStoppable: (_: string, work: (signal: AbortSignal, report: (step: unknown) => void) => unknown) =>
    work(new AbortController().signal, (step) => reports.push(step)),
}));

const entry = {
  folder: '/p',
  name: 'docs',
  recipe: null,
  manifest: { model: { id: 'default', dtype: 'fp32' } },
};
const results = { names: { 'L3.N652': { concept: 'commas', auroc: 0.02, ap: 0.8 } } };
const layerCosts = vi.fn(() =>
  Promise.resolve([
    { layer: 'L0', neurons: 768, seconds: 24 },
    { layer: 'L3', neurons: 1536, seconds: 95 },
  ]),
);
const rankLayer = vi.fn((_: unknown, { onProgress }: { onProgress: (step: object) => void }) => {
  onProgress({ done: 0, total: 4 });
  onProgress({ done: 3, total: 4 });
  return Promise.resolve({
    identity: 0,
    output: 'next',
    ranked: [
      { neuron: 'L3.N652', activation: -5.25, change: 0.017 },
      { neuron: 'L3.N9', activation: null, change: 0.001 },
    ],
  });
});
const show = vi.fn();

beforeEach(() => {
  vi.clearAllMocks();
  activateLayerCommands({
    current: { entry },
    engine: { calls: { layerCosts, rankLayer } },
    concepts: { of: () => Promise.resolve(results) },
    pages: { show },
    log: { error: vi.fn() },
  } as never);
});

const rank = () => commands.get('neuronLens.rankLayer')!();
const select = (text: string) => {
  editor.activeTextEditor = { selection: { isEmpty: text === '' }, document: { getText: () => text } };
};

it('says what each layer takes, ranks the one that is chosen, and goes to the neuron that is picked', async () => {
  select('The cat');
  vi.mocked(pick)
    .mockImplementationOnce((lines) => Promise.resolve(lines[1]!))
    .mockImplementation((lines) => Promise.resolve(lines[0]!));
  await rank();
  const [[layers], [neurons, { title }]] = vi.mocked(pick).mock.calls as [
    [object[]],
    [object[], { title: string }],
  ];
  expect(layers).toEqual([
    { label: 'L0', description: '768 neurons, about 24 s' },
    { label: 'L3', description: '1,536 neurons, about 1 min 35 s' },
  ]);
  expect(rankLayer.mock.calls[0]![0]).toEqual({
    ...{ model: 'default', dtype: 'fp32', text: 'The cat', change: 'L3=0', at: 'all', seed: 1 },
  });
  expect(reports).toEqual([
    { message: '0 of 4', increment: 0 },
    { message: '3 of 4', increment: 75 },
  ]);
  expect(neurons).toEqual([
    { label: 'L3.N652', description: 'KL 0.0170 · activation −5.25 · commas (low values)' },
    { label: 'L3.N9', description: 'KL 0.00100 · activation – · no concept above 0.8' },
  ]);
  expect(title).toContain('these have 100.0 % of the sum');
  expect(show).toHaveBeenCalledWith({ profile: '/p', profileName: 'docs', id: 'L3.N652' });
});

it('does not run again for the list that was looked at last', async () => {
  select('The cat');
  vi.mocked(pick).mockImplementation((lines) => Promise.resolve(lines[0]!));
  await rank();
  await rank();
  expect(rankLayer).toHaveBeenCalledTimes(1);
  select('Another');
  await rank();
  expect(rankLayer).toHaveBeenCalledTimes(2);
});

it('says what is missing', async () => {
  select('');
  await expect(rank()).rejects.toThrow('Select some text');
});
