import { beforeEach, describe, expect, it, vi } from 'vitest';
import { activateCauseCommands } from '../../../src/vscode/commands/causeCommands';
import { askForText, pickWithButtons } from '../../../src/vscode/surfaces/picks';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
const commands = new Map<string, (...given: unknown[]) => Promise<void>>();
vi.mock('vscode', () => ({
  ...vscode,
  commands: {
    registerCommand: (name: string, run: (...given: unknown[]) => Promise<void>) => commands.set(name, run),
  },
}));
vi.mock('../../../src/vscode/surfaces/picks', () => ({ askForText: vi.fn(), pickWithButtons: vi.fn() }));
vi.mock('../../../src/vscode/models/modelChoice', () => ({ currentChoice: () => ({ model: 'chosen' }) }));
vi.mock('../../../src/vscode/surfaces/messages', () => ({
  tellError: (text: string) => Promise.reject(new Error(text)),
}));

const entry = { folder: '/p', name: 'docs', manifest: {} };
const neuron = { profile: '/p', profileName: 'docs', id: 'L3.N341' };
const strongest = { end: 115, context: { start: 100, text: 'out in the rain, again' } };
const reader = {
  tables: [],
  neuron: () => Promise.resolve({ examples: () => Promise.resolve([strongest]) }),
};
const show = vi.fn();

function lens(more: object = {}) {
  activateCauseCommands({
    log: { error: () => undefined },
    current: { entry, neuron: null, reader: () => Promise.resolve(reader) },
    library: { find: (folder: string) => Promise.resolve(folder === '/p' ? entry : null) },
    concepts: { of: () => Promise.resolve(null) },
    pages: { lastOf: () => null, column: undefined },
    steerPages: { show, restore: () => ({ dispose: () => undefined }) },
    ...more,
  } as never);
  return (name: string, ...given: unknown[]) => commands.get(`neuronLens.${name}`)!(...given);
}

/** What the page was opened for. */
const shown = (): unknown => show.mock.calls.at(-1)?.[0];
const opened = { entry, model: { model: 'chosen' }, prompt: null, neurons: ['L3.N341'] };

beforeEach(() => {
  vi.clearAllMocks();
  commands.clear();
  editor.activeTextEditor = undefined;
});

describe('"Ablate and Steer…"', () => {
  it('opens for the neuron that a page, a hover or a line of the tree names, with its text', async () => {
    const run = lens();
    await run('ablate', { ...neuron, text: 'The cat' });
    expect(shown()).toEqual({ ...opened, prompt: 'The cat' });
    await run('ablate', { kind: 'neuron', target: neuron });
    expect(shown()).toEqual({ ...opened, prompt: 'out in the rain' });
    await expect(run('ablate', { ...neuron, profile: '/gone' })).rejects.toThrow(
      /no profile in \/gone any more/,
    );
  });

  it('asks for a neuron, of the profile or without one of the model; opens nothing where the reader leaves off', async () => {
    const picked = { line: { id: 'L3.N341', label: 'L3.N341' }, button: null };
    vi.mocked(pickWithButtons).mockResolvedValueOnce(picked).mockResolvedValueOnce(null);
    const run = lens({ pages: { lastOf: () => 'L3.N341', column: undefined } });
    await run('ablate');
    expect(vi.mocked(pickWithButtons).mock.calls[0]![1]).toEqual([{ id: 'L3.N341', label: 'L3.N341' }]);
    expect(shown()).toEqual({ ...opened, prompt: 'out in the rain' });
    await run('ablate');
    expect(show).toHaveBeenCalledTimes(1);
    vi.mocked(askForText).mockResolvedValueOnce('L1.N7').mockResolvedValueOnce(undefined);
    const alone = lens({ current: { entry: null, neuron: null } });
    await alone('ablate');
    expect(shown()).toEqual({ ...opened, entry: null, neurons: ['L1.N7'] });
    const [options] = vi.mocked(askForText).mock.calls[0]!;
    expect(options.prompt).toContain('A neuron of chosen');
    expect([await options.validateInput!('7'), await options.validateInput!('1/7')]).toEqual([
      expect.stringContaining('An address'),
      null,
    ]);
    await alone('ablate');
    expect(show).toHaveBeenCalledTimes(2);
  });

  it('takes what is selected, and the neuron that hovers tell of', async () => {
    const run = lens({ current: { entry, neuron: 'L3.N341' } });
    await expect(run('ablateSelection')).rejects.toThrow('Select some text');
    editor.activeTextEditor = {
      selection: { isEmpty: false },
      document: { getText: () => 'the ferry' },
    };
    await run('ablateSelection');
    expect(shown()).toEqual({ ...opened, prompt: 'the ferry' });
  });
});
