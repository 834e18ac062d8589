import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi, onTestFailed } from 'vitest';
import { COMMIT, StandInHub } from '../unit/hub/standInHub';
import { EditorWindow } from './editorWindow';
import { TunnelProxy } from './tunnelProxy';

const WORKSPACE = fileURLToPath(new URL('../fixtures/e2e/workspace', import.meta.url));
const FIXTURE = fileURLToPath(new URL('../fixtures/onnx/gpt2-optimum-past/', import.meta.url));
const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model.onnx'];
const TOKEN = 'hf_theSecretOfThisTest';

describe('models of the Hub in a real VS Code', () => {
  const home = mkdtempSync(join(tmpdir(), 'neuron-lens-hub-'));
  const hub = new StandInHub(
    'org/tiny-gpt2',
    Object.fromEntries(FILES.map((file) => [file, readFileSync(join(FIXTURE, file))])),
  );
  const proxy = new TunnelProxy({ 'hub.test:80': () => Number(new URL(hub.endpoint).port) });
  let editor: EditorWindow;

  beforeAll(async () => {
    hub.search = [{ id: 'org/tiny-gpt2', downloads: 3400, tags: ['license:mit'] }];
    await hub.start();
    vi.stubEnv('HF_ENDPOINT', 'http://hub.test');
    vi.stubEnv('HF_HOME', home);
    for (const name of ['HF_HUB_CACHE', 'HF_TOKEN', 'HF_TOKEN_PATH']) vi.stubEnv(name, '');
    // The model that is picked is written into the workspace's settings.
    const workspace = join(home, 'workspace');
    cpSync(WORKSPACE, workspace, { recursive: true });
    editor = await EditorWindow.open(workspace, { 'http.proxy': await proxy.start() });
  }, 300_000);
  afterAll(async () => {
    await editor.close();
    proxy.stop();
    await hub.stop();
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  it(
    'come through the proxy of the settings, with the token for the Hub alone',
    { timeout: 180_000 },
    async () => {
      const list = editor.quickInput();
      const type = async (title: string, text: string) => {
        await list.getByText(title).first().waitFor();
        await list.locator('input').first().fill(text);
        await editor.page.keyboard.press('Enter');
      };
      await editor.showContainer('Neuron Lens');
      await editor.runCommand('Neuron Lens: Set Hugging Face Token…');
      await editor.screenshot('hub token');
      await type('Token for hub.test', TOKEN);
      await editor.notification('Downloads from hub.test use your token').waitFor();

      await editor.runCommand('Neuron Lens: Choose Model…');
      await editor.screenshot('model picker');
      await list.getByRole('option', { name: /Download a model from the Hub/ }).click();
      await list.getByRole('option', { name: /Search the Hub by name/ }).click();
      await type('Search the Hub for models', 'tiny');
      await list.getByRole('option', { name: /org\/tiny-gpt2.*3,400 downloads · licence mit/ }).click();
      await list.getByRole('option', { name: /fp32/ }).click();
      const opened = editor.notification(/tiny-gpt2: 3 layers, 384 neurons, fp32\. Self-test passed/);
      await opened.waitFor({ timeout: 120_000 });
      await editor.screenshot('model downloaded');

      expect(existsSync(join(home, 'hub/models--org--tiny-gpt2/snapshots', COMMIT, 'onnx/model.onnx'))).toBe(
        true,
      );
      expect(proxy.asked).toContain('hub.test:80');
      const tokens = (host: string) =>
        new Set(hub.seen.filter((seen) => seen.host === host).map((seen) => seen.authorization));
      expect([...tokens('hub')]).toEqual([`Bearer ${TOKEN}`]);
      expect([...tokens('content')]).toEqual([undefined]);
      expect(await editor.writtenText()).not.toContain(TOKEN);
    },
  );

  it('are listed with what is known of them, and removed', { timeout: 120_000 }, async () => {
    onTestFailed(() => editor.screenshot('failed picker with a download'));
    const list = editor.quickInput();
    await editor.runCommand('Neuron Lens: Choose Model…');
    const line = list.getByRole('option', { name: /org\/tiny-gpt2.*current in fp32/ });
    await line.waitFor();
    await editor.screenshot('model picker with a download');
    await line.hover();
    await line.getByRole('button', { name: 'Remove…' }).click();
    await editor.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await list.getByRole('option', { name: /Embedded model.*current/ }).waitFor();
    expect(await list.getByRole('option', { name: /org\/tiny-gpt2/ }).count()).toBe(0);
    expect(existsSync(join(home, 'hub/models--org--tiny-gpt2'))).toBe(false);
  });
});
