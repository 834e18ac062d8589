import type { Page } from 'playwright-core';
import { is } from 'valibot';
import { describe, expect, it } from 'vitest';
import { selectionPage } from '../../src/protocol/pages/selection';
import { seriousFaults } from './accessibility';
import { sampleAnswer, selectionMessage } from './messages';
import { requireKnown, type Theme } from './stubHost';
import { testedPanel } from './testedPanel';
import themes from './themes.json';

const THEMES = Object.keys(themes) as Theme[];

const tested = testedPanel('selection');

function open(message = selectionMessage(), theme: Theme = 'vscode-dark'): Promise<Page> {
  return tested.open(message, { theme });
}

async function lastRequest(): Promise<unknown> {
  const found = (await tested.panel.requests()).at(-1);
  requireKnown(selectionPage, found);
  return found;
}

const neurons = (page: Page): Promise<string[]> => page.locator('.neuron-link').allInnerTexts();

describe('the selection page', () => {
  it('shows the text, what it is compared with, and the neurons in the order of the answer', async () => {
    const page = await open();
    expect(await page.locator('.header').innerText()).toMatch(
      /docs\/guides\/timeouts\.md:40–47\s+48 tokens\s+SmolLM2-135M · activation\s+Background: Workspace docs, 1,240,110 tokens/,
    );
    expect(await page.locator('token-toggles').textContent()).toContain(
      'The default connect timeout is 30 seconds',
    );
    expect(await neurons(page)).toEqual(sampleAnswer.rows.map(({ id }) => id));
    const first = await page.locator('tbody tr').first().innerText();
    expect(first.replace(/\s+/g, ' ').trim()).toBe(
      '1 L3.N652 ·seconds ·minutes ·days ·seconds 5.21 99.99992',
    );
  });

  it('colours the text by the chosen row', async () => {
    const page = await open();
    const seconds = page.locator('.toggle', { hasText: 'seconds' }).first();
    expect(await seconds.getAttribute('class')).toMatch(/p7/);
    await page.getByRole('row', { name: /L5\.N90/ }).click();
    expect(await page.getByText('Colours: L5.N90').count()).toBe(1);
    const row = sampleAnswer.rows.find(({ id }) => id === 'L5.N90')!;
    const step = Math.round((8 * row.value) / Math.max(row.background.max, -row.background.min));
    expect(await page.locator('.toggle').nth(row.peak).getAttribute('class')).toMatch(
      new RegExp(`p${step}\\b`),
    );
  });

  it('has the editor keep what it shows, unless that is too much', async () => {
    await open();
    const kept = { profile: 'file:///profiles/docs', answer: sampleAnswer };
    expect(await tested.panel.savedState()).toEqual(kept);
    expect(is(selectionPage.state, kept)).toBe(true);
    const values = Array.from({ length: 4096 }, () => 0.12345678);
    const rows = Array.from({ length: 30 }, () => ({ ...sampleAnswer.rows[0]!, values }));
    await tested.panel.send(selectionMessage({ ...sampleAnswer, rows }));
    expect(await tested.panel.savedState()).toBeNull();
  });

  it('ranks by one token and back', async () => {
    const page = await open();
    const at = sampleAnswer.tokens.findIndex(
      ({ start, end }) => sampleAnswer.text.slice(start, end) === ' 30',
    );
    await page.locator('.toggle').nth(at).click();
    expect(await page.getByRole('columnheader', { name: 'Token', exact: true }).count()).toBe(1);
    expect((await neurons(page))[0]).toBe('L5.N90');
    const values = await page.locator('tbody tr td:nth-child(5)').allInnerTexts();
    const expected = sampleAnswer.rows.find(({ id }) => id === 'L5.N90')!.values[at]!;
    expect(values[0]).toBe(expected.toPrecision(3));
    await page.locator('.toggle').nth(at).press('Escape');
    expect(await neurons(page)).toEqual(sampleAnswer.rows.map(({ id }) => id));
  });

  it('moves over tokens and rows with the keyboard', async () => {
    const page = await open();
    await page.locator('.toggle').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await page.locator('.toggle[aria-pressed=true]').getAttribute('data-index')).toBe('1');
    await page.keyboard.press('Escape');
    await page.locator('tr[aria-selected=true]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await lastRequest()).toEqual({ type: 'openNeuron', neuron: 'L7.N204' });
    await page.keyboard.press(' ');
    expect(await lastRequest()).toEqual({ type: 'pin', neuron: 'L7.N204', pinned: true });
  });

  it('opens neurons and the place, and pins', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'L12.N1339' }).click();
    expect(await lastRequest()).toEqual({ type: 'openNeuron', neuron: 'L12.N1339' });
    await page.getByRole('button', { name: 'Unpin L5.N90' }).click();
    expect(await lastRequest()).toEqual({ type: 'pin', neuron: 'L5.N90', pinned: false });
    await page.getByRole('link', { name: /timeouts\.md/ }).click();
    const { file, start, end } = sampleAnswer.source!;
    expect(await lastRequest()).toMatchObject({ type: 'openPlace', file, start, end, line: 40, column: 1 });
  });

  it('leads to an ablation of the neuron that colours it, on its text', async () => {
    const page = await open();
    await page.getByRole('row', { name: /L5\.N90/ }).click();
    await page.getByRole('button', { name: 'Ablate L5.N90 on this text' }).click();
    expect(await lastRequest()).toEqual({ type: 'openAblation', neuron: 'L5.N90', text: sampleAnswer.text });
  });

  it('says what was left out, and shows a text by itself', async () => {
    const page = await open(selectionMessage({ ...sampleAnswer, source: null, tokensLeftOut: 1200 }));
    expect(await page.locator('.note').innerText()).toBe(
      'The first 48 tokens are used; 1,200 more were left out.',
    );
    expect(await page.locator('.header').innerText()).toContain('A text by itself, without context');
  });

  it.each(THEMES)('has no serious accessibility fault in %s', async (theme) => {
    const page = await open(selectionMessage(), theme);
    expect(await seriousFaults(page)).toEqual([]);
  });
});
