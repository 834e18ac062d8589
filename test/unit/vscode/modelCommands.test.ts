import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SelfTest } from '../../../src/core/common/selfTest';
import type { DescribeRequest } from '../../../src/protocol/engine';
import { lookAt, modelHash } from '../../../src/runtime/models/modelHash';
import { writeSelfTest } from '../../../src/runtime/models/selfTestRecord';
import { activateModelCommands } from '../../../src/vscode/commands/modelCommands';
import type { Lens } from '../../../src/vscode/lens';
import { temporaryFolder } from '../files/temporaryFolder';
import { StandInHub } from '../hub/standInHub';

/** The user before the pickers, and what there is besides. */
const user = vi.hoisted(() => ({
  answers: [] as (string | null)[],
  shown: [] as string[][],
  messages: [] as string[],
  settings: new Map<string, unknown>(),
  /** Those of the workspace, which come first. */
  shared: new Map<string, unknown>(),
  /** The action of messages that the user presses. */
  presses: '',
  commands: new Map<string, () => Promise<void>>(),
  revealed: [] as string[],
  folderToAdd: '',
}));
vi.mock('vscode', async () => {
  const { fakePickers } = await import('./fakePicker');
  const say = (message: string, ...[first, action]: (string | object)[]) => {
    user.messages.push(message);
    return Promise.resolve(first === user.presses ? first : action);
  };
  const configuration = {
    get: (name: string, fallback: unknown) => user.shared.get(name) ?? user.settings.get(name) ?? fallback,
    inspect: (name: string) => ({ workspaceValue: user.shared.get(name) }),
    update: (name: string, value: unknown, target: number) => {
      const written = target === 1 ? user.settings : user.shared;
      if (value === undefined) written.delete(name);
      else written.set(name, value);
      return Promise.resolve();
    },
  };
  return {
    window: {
      ...fakePickers(user),
      showOpenDialog: () => Promise.resolve([{ fsPath: user.folderToAdd }]),
      showInformationMessage: say,
      showWarningMessage: say,
      showErrorMessage: say,
      withProgress: (_options: object, work: (progress: object, token: object) => Promise<unknown>) =>
        work({ report: () => undefined }, { onCancellationRequested: () => ({ dispose: () => undefined }) }),
    },
    workspace: { getConfiguration: () => configuration, workspaceFolders: [{}] },
    commands: {
      registerCommand: (name: string, work: () => Promise<void>) => {
        user.commands.set(name, work);
        return { dispose: () => undefined };
      },
      executeCommand: (_name: string, uri: { fsPath: string }) => {
        user.revealed.push(uri.fsPath);
        return Promise.resolve();
      },
    },
    Uri: { file: (fsPath: string) => ({ fsPath }) },
    ThemeIcon: class {
      constructor(readonly id: string) {}
    },
    ConfigurationTarget: { Global: 1, Workspace: 2 },
    ProgressLocation: { Notification: 15 },
    QuickPickItemKind: { Separator: -1 },
  };
});

const FIXTURES = join(import.meta.dirname, '../../fixtures/onnx');
const home = temporaryFolder();
const passed: SelfTest = {
  passed: true,
  largestDifference: 3e-6,
  checks: [{ site: 'L0', largestDifference: 3e-6, allowed: 7e-4, peak: 6, reason: null }],
};
/** What the engine was asked. */
let asked: DescribeRequest[];

beforeEach(() => {
  vi.stubEnv('HF_HUB_CACHE', join(home.path, 'hub'));
  vi.stubEnv('NEURON_LENS_CACHE', join(home.path, 'cache'));
  Object.assign(user, { answers: [], shown: [], messages: [], revealed: [], presses: '' });
  user.settings.clear();
  user.shared.clear();
  asked = [];
  const describeModel = (request: DescribeRequest) => {
    asked.push(request);
    return Promise.resolve({
      ...{ id: request.model, layers: 3, neurons: 768, activation: 'relu' },
      ...{ dtype: request.dtype ?? 'fp32', selfTest: passed },
    });
  };
  const folder = join(import.meta.dirname, '../../../media/embedded-model');
  const log = { error: (message: string) => user.messages.push(message) };
  const lens = {
    ...{ engine: { calls: { describeModel } }, log },
    context: { asAbsolutePath: () => folder, secrets: { get: () => Promise.resolve(undefined) } },
  };
  activateModelCommands(lens as unknown as Lens);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const run = (command: string, ...answers: (string | null)[]): Promise<void> => {
  user.answers = answers;
  return user.commands.get(`neuronLens.${command}`)!();
};

/** A model of the Hub's cache with two dtypes. */
function putIntoCache(): string {
  const snapshot = join(home.path, 'hub/models--org--tiny/snapshots/c1');
  cpSync(join(FIXTURES, 'opt-optimum-past'), snapshot, { recursive: true });
  symlinkSync('model.onnx', join(snapshot, 'onnx/model_quantized.onnx'));
  return snapshot;
}

describe('the model picker', () => {
  it('lists what there is with sizes, and how each did in its self-test', async () => {
    const snapshot = putIntoCache();
    const file = join(snapshot, 'onnx/model.onnx');
    // Files that were written just now are not trusted to stay as they are.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000);
    const hash = await modelHash(await lookAt(file), new Uint8Array(), []);
    await writeSelfTest(hash, { version: 1, onnxruntime: '1', selfTest: passed });
    user.settings.set('models', [join(home.path, 'gone')]);
    await run('chooseModel', null);
    const [lines = []] = user.shown;
    expect(lines[0]).toMatch(/^\$\(chip\) Embedded model \| current · fp32 \d\.\d\d MB \| /);
    expect(lines[1]).toBe('added');
    expect(lines[2]).toMatch(/^\$\(error\) gone \| There is no model at/);
    expect(lines[3]).toBe('downloaded from the Hub');
    expect(lines[4]).toMatch(
      /^\$\(chip\) org\/tiny \| fp32 \d+ kB, q8 \d+ kB \| fp32: Self-test passed · 3\.00 × 10⁻⁶$/,
    );
    expect(lines.filter((line) => line.includes('Hub…'))).toHaveLength(1);
  });

  it('keeps the dtype that was picked', async () => {
    putIntoCache();
    await run('chooseModel', 'org/tiny', 'q8');
    expect(Object.fromEntries(user.settings)).toEqual({ model: 'org/tiny', dtype: 'q8' });
    await run('chooseModel', null);
    expect(user.shown.at(-1)![2]).toContain('current in q8');
    await run('chooseModel', 'Embedded');
    expect(Object.fromEntries(user.settings)).toEqual({});
  });

  it('keeps a choice out of the settings that a workspace shares, unless the user wants it there', async () => {
    putIntoCache();
    user.shared.set('model', 'org/theirs');
    await run('chooseModel', 'org/tiny', 'q8');
    expect(user.messages).toEqual([
      'The settings of this workspace name the model org/theirs, and come before your own. Whoever shares them would get your choice too.',
    ]);
    expect(Object.fromEntries(user.shared)).toEqual({ model: 'org/theirs' });
    user.presses = 'Change Them';
    await run('chooseModel', 'org/tiny', 'q8');
    expect(Object.fromEntries(user.shared)).toEqual({ model: 'org/tiny', dtype: 'q8' });
    expect(Object.fromEntries(user.settings)).toEqual({});
  });

  it('downloads the very model that is typed, whatever else its name matches', async () => {
    const snapshot = putIntoCache();
    cpSync(snapshot, join(home.path, 'hub/models--org--tiny-other/snapshots/c1'), { recursive: true });
    await run('chooseModel', 'type org/tiny-other', 'q8');
    expect(user.settings.get('model')).toBe('org/tiny-other');
    const hub = new StandInHub('org/tiny-ot', {
      'config.json': Buffer.from('{}'),
      'onnx/model.onnx': new Uint8Array(9),
    });
    await hub.start();
    vi.stubEnv('HF_ENDPOINT', hub.endpoint);
    await run('chooseModel', 'type org/tiny-ot', 'fp32');
    await hub.stop();
    expect(asked).toEqual([{ model: 'org/tiny-ot', dtype: 'fp32', again: false }]);
    expect(user.settings.get('model')).toBe('org/tiny-ot');
  });

  it('opens a model that is added, and says what it is', async () => {
    user.folderToAdd = join(FIXTURES, 'gpt2-optimum-past');
    await run('chooseModel', 'Add a model folder');
    expect(asked).toEqual([{ model: user.folderToAdd, again: false }]);
    expect(user.messages).toEqual([
      'gpt2-optimum-past: 3 layers, 768 neurons, fp32. Self-test passed · 3.00 × 10⁻⁶. New profiles use it.',
    ]);
    expect(user.settings.get('models')).toEqual([user.folderToAdd]);
    expect(user.settings.get('model')).toBe(user.folderToAdd);
  });

  it('tests, shows and removes by its buttons, and comes back after each', async () => {
    const snapshot = putIntoCache();
    await run(
      'chooseModel',
      ...['tiny > Run the Self-Test', 'q8', 'tiny > Show in File Manager', 'tiny > Remove', null],
    );
    expect(asked).toEqual([{ model: 'org/tiny', dtype: 'q8', again: true }]);
    expect(user.messages[0]).toMatch(
      /^org\/tiny, q8: Self-test passed · 3.00 × 10⁻⁶. L0, recomputed from its own/,
    );
    expect(user.revealed).toEqual([snapshot]);
    expect(user.messages[1]).toBe('Delete org/tiny from disk?');
    expect(existsSync(snapshot)).toBe(false);
    expect(user.shown.at(-1)!.some((line) => line.includes('org/tiny'))).toBe(false);
  });
});

describe('the commands of the palette', () => {
  it('do the same with a model that is asked for', async () => {
    mkdirSync(join(home.path, 'mine'));
    user.settings.set('models', [join(home.path, 'mine')]);
    user.settings.set('model', join(home.path, 'mine'));
    await run('removeModel', 'mine');
    expect(user.settings.get('models')).toEqual([]);
    expect(user.settings.has('model')).toBe(false);
    expect(existsSync(join(home.path, 'mine'))).toBe(true);
    await run('checkModel', 'Embedded model');
    expect(asked).toEqual([{ model: 'default', again: true }]);
    await run('revealModel', null);
    expect(user.revealed).toEqual([]);
  });
});
