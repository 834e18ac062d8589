import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { packageExtension } from '../../tools/build/package.mjs';
import { serveEditor } from '../../tools/editor/serve.mjs';
import { launchBrowser } from '../browser/launchBrowser';

/** Whether what is waited for comes in time: what a window passes over while it loads is done again. */
export function happens(wait: Promise<void>): Promise<boolean> {
  return wait.then(
    () => true,
    () => false,
  );
}

/** A real VS Code with the packaged extension, driven in a real browser. */
export class EditorWindow {
  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
    private readonly stopServer: () => Promise<void>,
    private readonly folder: string,
  ) {}

  /** @param workspace folder to open; files that come later show only once the Explorer is refreshed */
  static async open(
    workspace: string,
    settings: Readonly<Record<string, unknown>> = {},
    trusted = true,
  ): Promise<EditorWindow> {
    const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-e2e-'));
    const vsix = await packageExtension({ out: join(folder, 'neuron-lens.vsix') });
    const options = {
      vsix,
      workspace,
      data: join(folder, 'editor'),
      settings: { ...theme(), ...settings },
      trusted,
      say: console.log,
    };
    const { url, stop } = await serveEditor(options);
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(60_000);
    const window = new EditorWindow(page, browser, stop, folder);
    await page.goto(url);
    await window.showsExplorer();
    return window;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.stopServer();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** Ends the engine process of this window as a crash would. */
  async crashEngine(): Promise<void> {
    for (const pid of await readdir('/proc')) {
      const command = await readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '');
      if (command.includes(this.folder) && command.includes('engine.cjs'))
        process.kill(Number(pid), 'SIGKILL');
    }
  }

  /** Everything that the editor wrote to its own folder: settings, storage and logs. */
  async writtenText(): Promise<string> {
    const data = join(this.folder, 'editor');
    const entries = await readdir(data, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('/extensions/'));
    const texts = files.map((file) => readFile(join(file.parentPath, file.name), 'latin1').catch(() => ''));
    return (await Promise.all(texts)).join('\n');
  }

  /** Loads the window anew: by its command, so that the editor saves first what it has open. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.runCommand('Developer: Reload Window')]);
    await this.showsExplorer();
  }

  private async showsExplorer(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Explorer' }).waitFor({ timeout: 60_000 });
  }

  /** Shows a container of the activity bar, such as "Explorer" or "Neuron Lens". */
  async showContainer(name: string): Promise<Locator> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name });
    if ((await tab.getAttribute('aria-expanded')) !== 'true') await tab.click();
    return this.page.locator('.part.sidebar');
  }

  /** Chooses files of the Explorer, right-clicks the last one and picks an entry of its menu. */
  async pickFromExplorer(files: string | readonly string[], entry: string): Promise<void> {
    const sidebar = await this.showContainer('Explorer');
    const items = [files].flat().map((name) => sidebar.getByRole('treeitem', { name }));
    if (items.length > 1) await items[0]!.click();
    for (const further of items.slice(1)) await further.click({ modifiers: ['Control'] });
    await items.at(-1)!.click({ button: 'right' });
    await this.pickFromMenu(entry);
  }

  /** Picks an entry of the context menu that is open. A menu of VS Code ignores the mouse for its first moments. */
  async pickFromMenu(entry: string): Promise<void> {
    const menu = this.page.locator('.monaco-menu');
    do await menu.getByRole('menuitem', { name: entry }).click();
    while (!(await happens(menu.waitFor({ state: 'detached', timeout: 1_000 }))));
  }

  /**
   * Runs a command of the palette by its whole title. A window that is still loading may pass over the key, or open
   * the palette without what is typed next.
   */
  async runCommand(title: string): Promise<void> {
    const palette = this.quickInput();
    // The list is filtered while one types: a click may hit the row that has just taken a command's place.
    const row = palette.locator('.monaco-list-row.focused').filter({ hasText: title });
    do {
      do await this.page.keyboard.press('F1');
      while (!(await happens(palette.waitFor({ timeout: 3_000 }))));
      await palette.locator('input').first().fill(`>${title}`);
    } while (!(await happens(row.waitFor({ timeout: 10_000 }))));
    await this.page.keyboard.press('Enter');
  }

  /** The input box or list that hangs at the top of the window. */
  quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  /** Answers the save dialog that is open. While it reads a folder it takes no answer, and then writes over what was typed. */
  async saveAs(path: string): Promise<void> {
    const dialog = this.quickInput();
    const shows = (entry: string) => dialog.getByText(entry, { exact: true }).waitFor();
    await shows('..');
    await dialog.locator('input').first().fill(path);
    const [neighbour] = await readdir(dirname(path));
    await shows(neighbour!);
    await dialog.getByRole('button', { name: 'OK' }).click();
  }

  /** Where the caret of the editor stands, in pixels of the window. */
  async caret(): Promise<{ x: number; y: number }> {
    const box = await this.page
      .locator('.monaco-editor.focused .cursors-layer .cursor')
      .first()
      .boundingBox();
    if (!box) throw new Error('No editor shows a caret.');
    return box;
  }

  /** The document inside the webview panel that was opened last. */
  webview(): FrameLocator {
    return this.page.locator('iframe.webview.ready').last().contentFrame().frameLocator('#active-frame');
  }

  /** A notification that has a text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-toast').filter({ hasText: text });
  }

  statusBar(): Locator {
    return this.page.locator('.part.statusbar');
  }

  async screenshot(name: string): Promise<void> {
    const folder = process.env.NEURON_LENS_SCREENSHOTS;
    if (folder) await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}

/** For pictures in another theme: `NEURON_LENS_THEME="Default High Contrast" NEURON_LENS_SCREENSHOTS=folder`. */
function theme(): Record<string, string> {
  const name = process.env.NEURON_LENS_THEME;
  return name ? { 'workbench.colorTheme': name } : {};
}
