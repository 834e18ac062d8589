import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser } from '../browser/launchBrowser';
import type { HostWords } from './messages';
import { openPanel, type StubbedPanel } from './stubHost';

export interface TestedPanel {
  /** The panel opened last. */
  readonly panel: StubbedPanel;
  /** Opens the page with what the host says, and waits until it stands. */
  open(words: HostWords, options?: Parameters<typeof openPanel>[2]): Promise<Page>;
}

/** Gives a file of tests a browser and a panel of one page, which each test opens and leaves without a fault. */
export function testedPanel(
  name: 'neuron' | 'selection' | 'concept' | 'prompt' | 'steer' | 'overview',
): TestedPanel {
  let browser: Browser;
  let panel: StubbedPanel;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    expect(panel.faults).toEqual([]);
    await panel.close();
  });
  return {
    get panel() {
      return panel;
    },
    async open(words, options = {}) {
      panel = await openPanel(browser, name, options);
      await panel.send(words);
      await panel.page.locator(`${name}-page`).waitFor();
      return panel.page;
    },
  };
}
