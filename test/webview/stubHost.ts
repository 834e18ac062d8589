import { extname } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { panelDocument } from '../../src/vscode/panels/panelDocument';
import { bundleWebviews } from '../../tools/build/webview.mjs';
import themes from './themes.json';

export type Theme = keyof typeof themes;

const ORIGIN = 'https://webview.test';
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

/** A panel in a real browser with the extension host played by the test. */
export interface StubbedPanel {
  readonly page: Page;
  /** Gives the page a message, as the host would; ends when the page's own listener has had it. */
  send(message: unknown): Promise<void>;
  /** What the page asked of the host so far. */
  requests(): Promise<Record<string, unknown>[]>;
  /** What the page asked the editor to keep over a reload. */
  savedState(): Promise<unknown>;
  /** Errors of scripts and violations of the content security policy. */
  readonly faults: string[];
  close(): Promise<void>;
}

/** The pages as they are now, bundled once a test file. */
const bundles = bundleWebviews();

/**
 * Opens a page as VS Code would: its document, its policy, its theme variables.
 * @param state what a page of before the reload had saved
 */
export async function openPanel(
  browser: Browser,
  name: string,
  options: { theme?: Theme; width?: number; height?: number; state?: unknown } = {},
): Promise<StubbedPanel> {
  const { theme = 'vscode-dark', width = 1200, height = 900, state = null } = options;
  const page = await browser.newPage({ viewport: { width, height }, timezoneId: 'UTC' });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const file = new URL(route.request().url()).pathname.slice(1);
    if (file === '') {
      const body = panelDocument({
        title: name,
        cspSource: ORIGIN,
        nonce: 'test',
        script: `${ORIGIN}/${name}.js`,
        style: `${ORIGIN}/${name}.css`,
        icons: `${ORIGIN}/codicon.css`,
      });
      await route.fulfill({ body, contentType: 'text/html' });
    } else {
      const contents = (await bundles).get(file);
      if (!contents) return route.fulfill({ status: 404 });
      await route.fulfill({
        body: Buffer.from(contents),
        contentType: TYPES[extname(file)] ?? 'application/octet-stream',
      });
    }
  });
  await page.addInitScript(playHost, { theme, variables: themes[theme], state });
  await page.goto(`${ORIGIN}/`);
  return {
    page,
    faults,
    send: (message) => page.evaluate(deliver, message),
    requests: () => page.evaluate(() => (window as unknown as StubWindow).requests),
    savedState: () => page.evaluate(() => (window as unknown as StubWindow).saved),
    close: () => page.close(),
  };
}

interface StubWindow {
  requests: Record<string, unknown>[];
  saved: unknown;
  acquireVsCodeApi: () => unknown;
}

/** Runs in the page: a posted message is delivered later, and a key pressed meanwhile would overtake it. */
function deliver(message: unknown): Promise<void> {
  return new Promise((resolve) => {
    window.addEventListener('message', () => resolve(), { once: true });
    window.postMessage(message, '*');
  });
}

/** Runs in the page before its own scripts: the editor's API, variables and body class. */
function playHost(given: { theme: string; variables: Record<string, string>; state: unknown }): void {
  const stub = window as unknown as StubWindow;
  stub.requests = [];
  stub.saved = given.state;
  stub.acquireVsCodeApi = () => ({
    postMessage: (message: Record<string, unknown>) => void stub.requests.push(structuredClone(message)),
    getState: () => stub.saved,
    setState: (state: unknown) => (stub.saved = structuredClone(state)),
  });
  document.addEventListener('DOMContentLoaded', () => {
    document.body.classList.add(
      given.theme,
      ...(given.theme.startsWith('vscode-high') ? ['vscode-high-contrast'] : []),
    );
    for (const [name, value] of Object.entries(given.variables)) {
      document.documentElement.style.setProperty(name, value);
    }
  });
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(
      `Policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
    );
  });
}
