import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import type { NeuronPage } from '../../src/core/profile/neuronPage';
import { statisticsRows } from '../../src/core/stats/describeNeuron';
import { lens } from './commandLine';
import { EditorWindow } from './editorWindow';

const WORKSPACE = fileURLToPath(new URL('../fixtures/e2e/workspace', import.meta.url));
/** Long enough that a run over it can be stopped half-way. */
const LONG_TEXT_LINES = 60_000;

function longText(): string {
  const lines = Array.from(
    { length: LONG_TEXT_LINES },
    (_, index) => `Boat ${index} was the best of boats, and the worst.`,
  );
  return lines.join('\n');
}

describe('the main job in a real VS Code', () => {
  let editor: EditorWindow;
  let folder: string;
  let workspace: string;
  let neuron: string;
  let page: NeuronPage;
  let broken = false;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neuron-lens-main-job-'));
    workspace = join(folder, 'workspace');
    await cp(WORKSPACE, workspace, { recursive: true });
    await writeFile(join(workspace, 'long.txt'), longText());
    editor = await EditorWindow.open(workspace);
  }, 300_000);
  afterAll(async () => {
    await editor.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Each step goes on where the one before left the window. */
  const step = (name: string, work: () => Promise<void>) =>
    it(name, { timeout: 180_000 }, async () => {
      onTestFailed(async () => {
        broken = true;
        await editor.screenshot(`failed ${name}`);
      });
      expect(broken, 'an earlier step failed').toBe(false);
      await work();
    });

  const pinned = () =>
    editor.page
      .locator('.pane')
      .filter({ hasText: 'Pinned Neurons' })
      .getByRole('treeitem', { name: neuron });

  step('shows the first action in its own container while there is no profile', async () => {
    const sidebar = await editor.showContainer('Neuron Lens');
    await sidebar.getByText('Find out what single neurons of a model react to').waitFor();
    const action = sidebar
      .locator('.welcome-view-content')
      .getByRole('button', { name: 'Profile Workspace…' });
    expect(await action.isEnabled()).toBe(true);
    await editor.screenshot('welcome');
  });

  step('profiles a file from the Explorer and opens the page of the first neuron', async () => {
    await editor.pickFromExplorer('ferry.txt', 'Profile with Neuron Lens');
    const heading = editor.webview().getByRole('heading', { level: 1 });
    await heading.waitFor({ timeout: 120_000 });
    neuron = await heading.innerText();
    expect(neuron).toMatch(/^L\d+\.N\d+$/);
    await editor.screenshot('neuron page');
  });

  step('shows the numbers that the command line prints for the same file', async () => {
    const profile = join(folder, 'ferry');
    await lens('profile', join(workspace, 'ferry.txt'), '--out', profile);
    page = (await lens('neuron', profile, neuron)) as NeuronPage;
    const rows = editor.webview().getByRole('table', { name: 'Statistics' }).getByRole('row');
    const shown = await rows.evaluateAll((elements) =>
      elements.map((row) => [...row.children].map((cell) => cell.textContent.trim())),
    );
    expect(shown).toEqual(statisticsRows(page.stats).map(([name, value]) => [name, value]));
    expect(page.stats.count).toBeGreaterThan(300);
  });

  step('opens the file at the token of an example', async () => {
    const [example] = page.examples.top;
    const place = `ferry.txt:${example!.line}:${example!.column}`;
    await editor.webview().getByRole('link', { name: place }).first().click();
    const selected = example!.end - example!.start;
    const end = `Ln ${example!.line}, Col ${example!.column + selected} (${selected} selected)`;
    await editor.statusBar().getByText(end).waitFor();
    await editor.screenshot('example in the file');
  });

  step('shows the neurons of the token under the pointer', async () => {
    const caret = await editor.caret();
    await editor.page.mouse.move(caret.x - 5, caret.y + 8);
    const hover = editor.page.locator('.monaco-hover').filter({ hasText: 'Strongest here' });
    await hover.waitFor({ timeout: 30_000 });
    expect(await hover.getByRole('link', { name: /^L\d+\.N\d+$/ }).count()).toBe(5);
    await editor.screenshot('hover');
    await editor.page.keyboard.press('Escape');
  });

  step('lists the neurons that answer to a selection', async () => {
    const caret = await editor.caret();
    await editor.page.mouse.click(caret.x - 5, caret.y + 8, { clickCount: 3 });
    await editor.page.mouse.click(caret.x - 5, caret.y + 8, { button: 'right' });
    await editor.pickFromMenu('Find Neurons of the Selection');
    await editor.page.getByRole('tab', { name: 'Selection' }).waitFor();
    const rows = editor.webview().getByRole('link', { name: /^L\d+\.N\d+$/ });
    await rows.first().waitFor();
    expect(await rows.count()).toBeGreaterThan(5);
    await editor.screenshot('selection');
  });

  step('shows the pages again after the window was loaded anew', async () => {
    await editor.reload();
    await editor.page.getByRole('tab', { name: neuron }).click();
    const heading = editor.webview().getByRole('heading', { level: 1 });
    await heading.waitFor({ timeout: 60_000 });
    expect(await heading.innerText()).toBe(neuron);
    const sidebar = await editor.showContainer('Neuron Lens');
    await sidebar.getByRole('treeitem', { name: /^ferry\.txt/ }).waitFor();
    await sidebar.getByRole('treeitem', { name: /^Layer 0/ }).click();
    await sidebar
      .getByRole('treeitem', { name: /^L0\.N\d+/ })
      .first()
      .waitFor();
    await editor.page.getByRole('tab', { name: 'Selection' }).click();
    await editor
      .webview()
      .getByRole('link', { name: /^L\d+\.N\d+$/ })
      .first()
      .waitFor();
    await editor.page
      .getByRole('tab', { name: 'Selection' })
      .getByRole('button', { name: /^Close/ })
      .click();
    await editor.screenshot('after reload');
  });

  step('keeps a pinned neuron at hand', async () => {
    await editor.webview().getByRole('button', { name: 'Pin', exact: true }).click();
    await editor.webview().getByRole('button', { name: 'Unpin', exact: true }).waitFor();
    await pinned().waitFor();
  });

  step('goes to a neuron by its address, and says what a wrong one lacks', async () => {
    await editor.webview().getByRole('button', { name: 'Go to neuron' }).click();
    const input = editor.page.locator('.quick-input-widget input').first();
    await input.fill('L99.N1');
    await editor.page.getByText(/This profile has the layers L0, L1/).waitFor();
    await input.fill('1/5');
    await editor.page.keyboard.press('Enter');
    await editor.page.getByRole('tab', { name: 'L1.N5' }).waitFor();
    await editor.webview().getByRole('heading', { level: 1, name: 'L1.N5' }).waitFor();
  });

  step('saves a report with the pinned neuron first', async () => {
    const sidebar = await editor.showContainer('Neuron Lens');
    await sidebar.getByRole('treeitem', { name: /^ferry\.txt/ }).click({ button: 'right' });
    await editor.pickFromMenu('Save Report…');
    const path = join(folder, 'report.html');
    await editor.saveAs(path);
    await editor.notification('Saved a report with').waitFor();
    const report = await readFile(path, 'utf8');
    const ids = [...report.matchAll(/"neuron":\{"id":"(L\d+\.N\d+)"/g)].map(([, id]) => id);
    expect(ids[0]).toBe(neuron);
    expect(ids.length).toBeGreaterThan(5);
  });

  step('lets a pinned neuron go', async () => {
    await pinned().hover();
    await pinned().getByRole('button', { name: 'Unpin Neuron' }).click();
    await pinned().waitFor({ state: 'detached' });
  });

  step(
    'profiles two files that are chosen together, and leaves the page that is read until asked',
    async () => {
      await editor.pickFromExplorer(['ferry.txt', 'notes'], 'Profile with Neuron Lens');
      const profiled = editor.notification('ferry.txt and 1 more is profiled');
      await profiled.waitFor({ timeout: 60_000 });
      expect(await editor.webview().locator('.header-second').getByText('2 files').count()).toBe(0);
      await profiled.getByRole('button', { name: 'Open', exact: true }).click();
      const sidebar = await editor.showContainer('Neuron Lens');
      await sidebar.getByRole('treeitem', { name: /^ferry\.txt and 1 more/ }).waitFor({ timeout: 60_000 });
      await editor.webview().locator('.header-second').getByText('2 files').waitFor();
      await editor.screenshot('two files');
    },
  );

  step('shows how far a long run is', async () => {
    await editor.pickFromExplorer('long.txt', 'Profile with Neuron Lens');
    await editor
      .statusBar()
      .getByText(/Neuron Lens [1-9]\d* %/)
      .waitFor({ timeout: 120_000 });
    const sidebar = await editor.showContainer('Neuron Lens');
    await sidebar.getByText(/tokens\/s/).waitFor();
    await editor.screenshot('running');
  });

  step('goes on with a run whose engine crashed', async () => {
    const sidebar = await editor.showContainer('Neuron Lens');
    await sidebar.getByText('Open results so far').waitFor({ timeout: 120_000 });
    await editor.crashEngine();
    await sidebar.getByText('Opening the model').waitFor();
    await sidebar.getByText(/tokens\/s/).waitFor({ timeout: 120_000 });
  });

  step('opens what it has when it is stopped', async () => {
    await editor.notification('Profiling long.txt').getByRole('button', { name: 'Cancel' }).click();
    const stopped = editor.notification(/tokens of long\.txt are kept as a partial profile/);
    await stopped.waitFor();
    await stopped.getByRole('button', { name: 'Open Results' }).click();
    await editor.webview().getByText('Partial').first().waitFor();
    const counted = editor
      .webview()
      .getByRole('row', { name: /^Tokens counted/ })
      .getByRole('cell');
    expect(Number((await counted.innerText()).replaceAll(',', ''))).toBeGreaterThan(0);
    await editor.screenshot('partial');
  });

  step('profiles a selection, whose examples point into the file itself', async () => {
    const explorer = await editor.showContainer('Explorer');
    await explorer.getByRole('treeitem', { name: 'ferry.txt' }).dblclick();
    await editor.page.locator('.monaco-editor.focused').first().waitFor();
    for (const key of ['Control+Home', 'ArrowDown', 'ArrowDown', ...Array<string>(3).fill('Shift+ArrowDown')])
      await editor.page.keyboard.press(key);
    await editor.statusBar().getByText('Ln 6, Col 1').waitFor();
    await editor.page.keyboard.press('Shift+F10');
    await editor.pickFromMenu('Profile Selection with Neuron Lens');
    const profiled = editor.notification(/ferry lines 3-5\.txt is profiled.*So few say little/);
    await profiled.waitFor({ timeout: 120_000 });
    await profiled.getByRole('button', { name: 'Open', exact: true }).click();
    const places = editor.webview().getByRole('link', { name: /^ferry\.txt:[345]:\d+$/ });
    await places.first().waitFor();
    expect(await places.count()).toBe(await editor.webview().locator('.example .place').count());
    const sidebar = await editor.showContainer('Neuron Lens');
    await sidebar.getByRole('treeitem', { name: /^ferry lines 3-5\.txt/ }).waitFor();
    await editor.screenshot('selection profiled');
  });
});
