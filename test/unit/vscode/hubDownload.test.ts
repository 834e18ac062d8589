import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hubSettings } from '../../../src/runtime/hub/hubSettings';
import { downloadFromHub } from '../../../src/vscode/models/hubDownload';
import type { ModelChoice } from '../../../src/vscode/models/modelChoice';
import { temporaryFolder } from '../files/temporaryFolder';
import { COMMIT, StandInHub } from '../hub/standInHub';

/** Answers of the user, by the label that they pick or the words that they type; null leaves off. */
const user = vi.hoisted(() => ({
  answers: [] as (string | null)[],
  shown: [] as string[][],
  messages: [] as string[],
  /** Presses Cancel when the first bytes are reported. */
  cancels: false,
}));
vi.mock('vscode', async () => {
  const { fakePickers } = await import('./fakePicker');
  const window = {
    ...fakePickers(user),
    showInputBox: () => Promise.resolve(user.answers.shift() ?? undefined),
    withProgress: (
      _options: object,
      work: (progress: object, token: object) => Promise<unknown>,
    ): Promise<unknown> => {
      let cancel = (): void => undefined;
      const report = ({ message }: { message: string }): void => {
        user.messages.push(message);
        if (user.cancels) cancel();
      };
      const onCancellationRequested = (listener: () => void): { dispose: () => void } => {
        cancel = listener;
        return { dispose: () => undefined };
      };
      return work({ report }, { onCancellationRequested });
    },
  };
  return { window, ProgressLocation: { Notification: 15 }, QuickPickItemKind: { Separator: -1 } };
});

const home = temporaryFolder();
const hub = (): StandInHub =>
  new StandInHub('org/tiny', {
    'config.json': Buffer.from('{}'),
    'onnx/model.onnx': new Uint8Array(60_000).fill(3),
  });
let server: StandInHub;
beforeEach(async () => {
  Object.assign(user, { answers: [], shown: [], messages: [], cancels: false });
  server = hub();
  server.search = [{ id: 'org/tiny', downloads: 3400, gated: 'auto', tags: ['license:mit'] }];
  await server.start();
  vi.stubEnv('HF_ENDPOINT', server.endpoint);
  vi.stubEnv('HF_HOME', home.path);
  vi.stubEnv('HF_HUB_CACHE', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});
const fromHub = async (): Promise<ModelChoice | null> => downloadFromHub(await hubSettings());
const downloaded = (): boolean =>
  existsSync(join(home.path, 'hub/models--org--tiny/snapshots', COMMIT, 'onnx/model.onnx'));

describe('downloading from the editor', () => {
  it('searches, offers what there is with licence and size, and downloads', async () => {
    user.answers = ['Search the Hub by name…', 'tiny', 'org/tiny', 'fp32'];
    expect(await fromHub()).toEqual({ model: 'org/tiny', dtype: 'fp32' });
    expect(user.shown[1]).toEqual(['org/tiny | 3,400 downloads · licence mit · gated']);
    expect(user.shown[2]).toEqual(['fp32 | 60.0 kB']);
    expect(user.messages.at(-1)).toMatch(/^60\.0 kB of 60\.0 kB · /);
    expect(downloaded()).toBe(true);
  });

  it('downloads the model that is typed, in the revision that is typed', async () => {
    user.answers = ['type org/tiny@main', 'fp32'];
    expect(await fromHub()).toEqual({ model: 'org/tiny@main', dtype: 'fp32' });
    expect(downloaded()).toBe(true);
  });

  it('ends quietly wherever the user leaves off', async () => {
    const search = 'Search the Hub by name…';
    for (const answers of [
      [null],
      [search, null],
      [search, 'tiny', null],
      [search, 'tiny', 'org/tiny', null],
    ]) {
      user.answers = answers;
      expect(await fromHub()).toBeNull();
    }
    expect(downloaded()).toBe(false);
  });

  it('ends quietly when a download is cancelled', async () => {
    user.answers = ['Search the Hub by name…', 'tiny', 'org/tiny', 'fp32'];
    user.cancels = true;
    server.faults = [{ kind: 'stall', after: 1 }];
    expect(await fromHub()).toBeNull();
    expect(downloaded()).toBe(false);
  });

  it('says when nothing of that name is there', async () => {
    server.search = [];
    user.answers = ['Search the Hub by name…', 'nothing'];
    await expect(fromHub()).rejects.toThrow('no model with ONNX files whose name holds “nothing”');
  });
});
