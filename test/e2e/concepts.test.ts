import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { EditorWindow } from './editorWindow';

const WORKSPACE = fileURLToPath(new URL('../fixtures/e2e/workspace', import.meta.url));
/** Documents that a concept can be tested on. */
const FILES = 24;

/** `.neuron-lens/concepts.json` as JSON. */
interface Kept {
  concepts: Record<string, { words?: string[]; examples?: { file: string; text: string }[] }>;
}

describe('concepts of one’s own in a real VS Code', () => {
  let editor: EditorWindow;
  let folder: string;
  let workspace: string;
  let broken = false;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neuron-lens-own-concepts-'));
    workspace = join(folder, 'workspace');
    await cp(WORKSPACE, workspace, { recursive: true });
    for (let file = 0; file < FILES; file++) {
      const words = Array.from({ length: 60 }, (_, at) =>
        at % 3 === 0 ? 'gulls' : `boat ${at * 7 + file},`,
      );
      await writeFile(join(workspace, `log ${file}.txt`), `Day ${file}: ${words.join(' ')}\n`);
    }
    editor = await EditorWindow.open(workspace);
  }, 300_000);
  afterAll(async () => {
    await editor.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Each step goes on where the one before left the window. */
  const step = (name: string, work: () => Promise<void>) =>
    it(name, { timeout: 300_000 }, async () => {
      onTestFailed(async () => {
        broken = true;
        await editor.screenshot(`failed ${name}`);
      });
      expect(broken, 'an earlier step failed').toBe(false);
      await work();
    });

  const kept = async () =>
    JSON.parse(await readFile(join(workspace, '.neuron-lens/concepts.json'), 'utf8')) as Kept;
  const type = async (text: string) => {
    await editor.quickInput().locator('input').first().fill(text);
    await editor.page.keyboard.press('Enter');
  };
  const row = async (text: RegExp) => {
    const sidebar = await editor.showContainer('Neuron Lens');
    const pane = sidebar.locator('.pane').filter({ hasText: 'Concepts' });
    return pane.locator('.monaco-list-row').filter({ hasText: text }).first();
  };

  step('keeps what is selected as an example, from the editor’s menu', async () => {
    // Menus are complete once the extension's own views are there.
    const sidebar = await editor.showContainer('Neuron Lens');
    await sidebar.getByText('A concept is a set of places in your text').waitFor();
    const explorer = await editor.showContainer('Explorer');
    await explorer.getByRole('treeitem', { name: 'ferry.txt' }).dblclick();
    await editor.page.locator('.monaco-editor.focused').first().waitFor();
    await editor.page.keyboard.press('Control+Home');
    for (let word = 0; word < 2; word++) await editor.page.keyboard.press('Control+Shift+ArrowRight');
    await editor.page.keyboard.press('Shift+F10');
    await editor.pickFromMenu('Add Selection as Example of Concept…');
    await editor.quickInput().getByText('Name of the concept').waitFor();
    await type('mine');
    await editor.notification('Kept 1 example of "mine".').waitFor();
    const first = (await readFile(join(workspace, 'ferry.txt'), 'utf8')).split('\n')[0]!;
    const [example] = (await kept()).concepts.mine!.examples!;
    expect(example!.file).toBe('ferry.txt');
    expect(example!.text.length).toBeGreaterThan(2);
    expect(first.startsWith(example!.text)).toBe(true);
    await (await row(/mine\s*not tested yet/)).waitFor();
    await editor.screenshot('concept kept');
  });

  step('makes a concept of a list of words, and counts them in the open file', async () => {
    await editor.runCommand('Neuron Lens: New Concept…');
    await editor.quickInput().getByText('Name of the concept').waitFor();
    await type('digits');
    await editor.quickInput().getByText('is a concept of the starter set').waitFor();
    await type('birds');
    await editor.quickInput().getByText('Word list').click();
    await editor.quickInput().getByText('Words and phrases with commas between').waitFor();
    await editor.quickInput().locator('input').first().fill('gulls, ferry');
    await editor
      .quickInput()
      .getByText(/[1-9]\d* match(es)? in the open editor/)
      .waitFor();
    await editor.screenshot('new concept');
    await editor.page.keyboard.press('Enter');
    await editor.notification('Kept the concept "birds".').waitFor();
    expect(Object.keys((await kept()).concepts)).toEqual(['mine', 'birds']);
    expect((await kept()).concepts.birds).toEqual({ words: ['gulls', 'ferry'] });
  });

  step('tests them on a profile of the workspace, and shows what they gave', async () => {
    await editor.runCommand('Neuron Lens: Profile Workspace…');
    await editor.webview().getByRole('heading', { level: 1 }).waitFor({ timeout: 120_000 });
    await editor.runCommand('Neuron Lens: Test Concepts…');
    await editor.notification(/neurons \(.*\) of workspace carry a name\./).waitFor({ timeout: 240_000 });
    await (await row(/birds\s*best L\d+\.N\d+/)).waitFor();
    await (await row(/mine\s*refused:/)).waitFor();
    await editor.screenshot('concepts tested');
  });

  step('underlines a fault in the file, and lists it', async () => {
    const path = join(workspace, '.neuron-lens/concepts.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"birds": {', '"open": { "regex": "(" },\n    "birds": {'));
    await (await row(/concepts\.json\s*line \d+: the expression of "open"/)).click();
    await editor
      .statusBar()
      .getByRole('button', { name: /^Errors: 1/ })
      .waitFor();
    await editor.screenshot('fault');
  });
});
