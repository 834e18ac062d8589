import { beforeEach, expect, it, vi } from 'vitest';
import { activateNeuronCommands } from '../../../src/vscode/commands/neuronCommands';
import { askForText, pick, pickWithButtons, type PickLine } from '../../../src/vscode/surfaces/picks';

const { vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
const commands = new Map<string, (...given: unknown[]) => Promise<void>>();
vi.mock('vscode', () => ({
  ...vscode,
  commands: {
    registerCommand: (name: string, run: (...given: unknown[]) => Promise<void>) => commands.set(name, run),
  },
}));
vi.mock('../../../src/vscode/surfaces/picks', () => ({
  ...{ askForText: vi.fn(), pick: vi.fn(), pickWithButtons: vi.fn() },
}));
vi.mock('../../../src/vscode/surfaces/messages', () => ({
  tellError: (text: string) => Promise.reject(new Error(text)),
  whileStoppable: (_: string, work: (signal: AbortSignal) => Promise<unknown>) =>
    work(new AbortController().signal),
}));
const picking = vi.mocked(pickWithButtons);

const sites = [0, 3].map((layer) => ({ part: 'model', layer, block: null, expert: null, dFf: 1536 }));
const entry = { folder: '/p', name: 'docs' };
const show = vi.fn();
const results = {
  names: {
    'L0.N1': { concept: 'digits', auroc: 0.91, ap: 0.6 },
    'L3.N652': { concept: 'commas', auroc: 0.02, ap: 0.8 },
  },
};

beforeEach(() => {
  commands.clear();
  vi.clearAllMocks();
});

function goTo(tested: unknown = results) {
  activateNeuronCommands({
    current: { entry, reader: () => Promise.resolve({ tables: sites.map((site) => ({ site })) }) },
    concepts: { of: () => Promise.resolve(tested) },
    pages: { show },
  } as never);
  return commands.get('neuronLens.goToNeuron')!();
}

/** What the reader would be offered when typing. */
const typed = (text: string) => (picking.mock.calls[0]![2] as (text: string) => PickLine | null)(text);

it('goes to a neuron by what it goes with, the strongest first', async () => {
  picking.mockImplementation((_, lines) => Promise.resolve({ line: lines[0]!, button: null }));
  await goTo();
  expect(picking.mock.calls[0]![1].map(({ label, description }) => [label, description])).toEqual([
    ['L3.N652', 'commas (low values) · AUROC 0.020, AP 0.80'],
    ['L0.N1', 'digits · AUROC 0.910, AP 0.60'],
  ]);
  expect(show).toHaveBeenCalledWith({ profile: '/p', profileName: 'docs', id: 'L3.N652' });
});

it('takes any address that is typed, and says of a wrong one what there is', async () => {
  picking.mockResolvedValue(null);
  await goTo();
  expect(typed('3.652')).toMatchObject({ label: 'L3.N652', description: 'commas (low values)' });
  expect(typed('L0.N7')).toMatchObject({ id: 'L0.N7', description: 'no concept above 0.8' });
  expect(typed('L9.N1')).toMatchObject({ id: null, label: 'This profile has the layers L0, L3.' });
  expect(typed('L3.N1536')).toMatchObject({ id: null, label: 'Layer 3 has neurons 0 to 1,535.' });
  expect(typed('digits')).toBeNull();
  expect(show).not.toHaveBeenCalled();
});

it('offers addresses alone where no concepts were tested', async () => {
  picking.mockResolvedValue(null);
  await goTo(null);
  expect(picking.mock.calls[0]![1]).toEqual([]);
  expect(typed('L0.N7')).toEqual({ id: 'L0.N7', label: 'L0.N7' });
});

it('asks for a token and goes to a neuron that writes toward it', async () => {
  vi.mocked(askForText).mockResolvedValue(' the');
  const toward = vi.fn(() =>
    Promise.resolve({
      ...{ id: 262, token: ' the' },
      neurons: [
        { id: 'L3.N652', effect: 1.431 },
        { id: 'L0.N9', effect: -0.2 },
      ],
    }),
  );
  vi.mocked(pick).mockImplementation((lines) => Promise.resolve(lines[0]!));
  const manifest = { model: { id: 'default', dtype: 'fp32' } };
  activateNeuronCommands({
    current: { entry: { ...entry, manifest, recipe: null } },
    engine: { calls: { toward } },
    concepts: { of: () => Promise.resolve(results) },
    tokens: {
      of: () => Promise.resolve(new Map([['L0.N9', [{ token: ' a', tokenId: 7, share: 1, count: 3 }]]])),
    },
    pages: { show },
  } as never);
  await commands.get('neuronLens.neuronsToward')!();
  expect(toward).toHaveBeenCalledWith(
    { model: 'default', dtype: 'fp32', profile: '/p', token: ' the', limit: 50 },
    { signal: expect.any(AbortSignal) as AbortSignal },
  );
  const [lines, { title }] = vi.mocked(pick).mock.calls[0]!;
  expect(lines.map(({ label, description }) => [label, description])).toEqual([
    ['L3.N652', '+1.43 · commas (low values)'],
    ['L0.N9', '−0.20 · ·a'],
  ]);
  expect(title).toContain('“ the” (#262)');
  expect(show).toHaveBeenCalledWith({ profile: '/p', profileName: 'docs', id: 'L3.N652' });
});
