import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EditorWindow } from './editorWindow';

const WORKSPACE = fileURLToPath(new URL('../fixtures/e2e/workspace', import.meta.url));

describe('a workspace that is not trusted', () => {
  let editor: EditorWindow;

  beforeAll(async () => {
    const settings = { 'security.workspace.trust.startupPrompt': 'never' };
    editor = await EditorWindow.open(WORKSPACE, settings, false);
  }, 300_000);
  afterAll(() => editor.close());

  it('is told that models run only in a trusted one, and how to trust it', { timeout: 120_000 }, async () => {
    const sidebar = await editor.showContainer('Neuron Lens');
    await sidebar.getByText('Restricted mode: models run only in a trusted workspace.').waitFor();
    const trust = sidebar.getByRole('button', { name: 'Manage Workspace Trust' });
    expect(await trust.isEnabled()).toBe(true);
    await editor.screenshot('restricted');
  });

  it('offers no profiling of its files', { timeout: 120_000 }, async () => {
    const explorer = await editor.showContainer('Explorer');
    await explorer.getByRole('treeitem', { name: 'ferry.txt' }).click({ button: 'right' });
    const menu = editor.page.locator('.monaco-menu');
    await menu.getByRole('menuitem', { name: 'Copy Path' }).first().waitFor();
    await editor.screenshot('restricted menu');
    expect(await menu.getByRole('menuitem', { name: 'Profile with Neuron Lens' }).count()).toBe(0);
  });
});
