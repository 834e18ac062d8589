import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Lens } from '../../../src/vscode/lens';
import { activatePromptCommands } from '../../../src/vscode/commands/promptCommands';
import type { Prompted } from '../../../src/vscode/panels/promptPanel';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
const opened: Prompted[] = [];
const registered = new Map<string, (...args: unknown[]) => Promise<void>>();
vi.mock('vscode', () => ({
  ...vscode,
  commands: {
    registerCommand: (name: string, work: (...args: unknown[]) => Promise<void>) =>
      registered.set(name, work),
  },
}));
vi.mock('../../../src/vscode/panels/promptPanel', () => ({
  openPrompts: (_: unknown, prompted: Prompted) => opened.push(prompted),
  restorePrompts: () => ({ dispose: () => undefined }),
}));

const here = { folder: '/here', manifest: {} };
const there = { folder: '/there', manifest: {} };
const lens = {
  current: { entry: here, neuron: 'L3.N341' },
  library: {
    find: (folder: string) => Promise.resolve(folder === '/there' ? there : { folder, reason: 'gone' }),
  },
  pages: { column: undefined },
} as unknown as Lens;

activatePromptCommands(lens);
const compare = registered.get('neuronLens.comparePrompts')!;

/** An editor with some stretches selected. */
function select(...texts: string[]): void {
  editor.activeTextEditor = {
    selections: texts.map((text) => ({ isEmpty: text === '', text })),
    document: { getText: ({ text }: { text: string }) => text },
  };
}

beforeEach(() => {
  opened.length = 0;
  editor.activeTextEditor = undefined;
});

describe('Compare Prompts…', () => {
  it('begins with what is selected: each stretch a prompt, a single one twice, nothing as two to be written', async () => {
    await compare();
    select('one', '', 'other');
    await compare();
    select('only');
    // The editor's menu gives the file.
    await compare({ fsPath: '/file', path: '/file' }, []);
    select(...Array.from({ length: 9 }, (_, at) => `stretch ${at}`));
    await compare();
    expect(opened.map(({ prompts }) => prompts.slice(0, 3))).toEqual([
      ['', ''],
      ['one', 'other'],
      ['only', 'only'],
      ['stretch 0', 'stretch 1', 'stretch 2'],
    ]);
    expect(opened.map(({ entry, neurons }) => [entry, neurons])).toEqual(
      opened.map(() => [here, ['L3.N341']]),
    );
    expect(opened.at(-1)!.prompts).toHaveLength(6);
  });

  it('begins with what another page wants, of its profile, or of the settings’ model without one', async () => {
    const wish = { prompts: ['a', 'a'], neurons: ['L0.N1'] };
    await compare({ ...wish, profile: '/there' });
    await compare({ ...wish, profile: '/gone' });
    await compare({ ...wish, profile: '' });
    expect(opened.map(({ entry }) => entry)).toEqual([there, null, null]);
    expect(opened[0]).toMatchObject({ ...wish, model: { model: 'default' } });
  });
});
