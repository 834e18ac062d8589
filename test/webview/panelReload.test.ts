import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { neuronMessage } from './messages';
import { launchBrowser, openPanel, type StubbedPanel } from './stubHost';

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

it('keeps what the reader set up over a reload', async () => {
  panel = await openPanel(browser, 'neuron');
  await panel.send(neuronMessage());
  await panel.page.getByRole('tab', { name: /Bottom/ }).click();
  await panel.page.getByRole('radio', { name: 'Linear' }).click();
  const state = await panel.savedState();
  expect(state).toEqual({
    profile: 'file:///profiles/docs',
    id: 'L3.N652',
    tab: 'bottom',
    scale: 'linear',
    counts: 'linear',
    range: 'full',
    bin: null,
  });
  await panel.close();
  panel = await openPanel(browser, 'neuron', { state });
  await panel.send(neuronMessage());
  expect(await panel.page.getByRole('tab', { selected: true }).innerText()).toMatch(/^Bottom/);
  expect(await panel.page.getByRole('radio', { name: 'Linear' }).getAttribute('aria-checked')).toBe('true');
});
