import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { formatValue } from '../../src/core/common/numberFormat';
import type { NamedNeuronPage } from '../../src/core/concepts/neuronMeaning';
import { neuronMessage, samplePage } from './messages';
import { testedPanel } from './testedPanel';
import themes from './themes.json';

const tested = testedPanel('neuron');

async function open(neuron: NamedNeuronPage = samplePage, state: unknown = null): Promise<Page> {
  const page = await tested.open(neuronMessage(neuron), { state });
  await page.waitForFunction(() => document.querySelector('canvas')!.width > 300);
  return page;
}

/** Colour of the canvas at a value and a height above the axis, in CSS pixels of the page. */
function pictureOf(page: Page): Promise<string> {
  return page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
}

/** The fixture's fine bins added up in eighths, as a reader would do with pencil and paper. */
function tokensBetween(low: number, high: number): number {
  const { edges, counts } = samplePage.histogram;
  return counts.reduce((sum, count, bin) => sum + (edges[bin]! >= low && edges[bin]! < high ? count : 0), 0);
}

describe('the distribution', () => {
  it('has a table beside the picture, with every token in it', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Show as table' }).click();
    const rows = await page.locator('histogram-figure tbody tr').allInnerTexts();
    const cells = rows.map((row) => row.split(/\t/).map((cell) => cell.trim()));
    expect(cells.length).toBeLessThanOrEqual(100);
    expect(cells[0]![0]).toBe('−2.38');
    const total = cells.reduce((sum, cell) => sum + Number(cell[2]!.replaceAll(',', '')), 0);
    expect(total).toBe(samplePage.stats.count);
    const bar = cells.find(([from]) => from === '4.00')!;
    expect(bar.slice(0, 3)).toEqual(['4.00', '4.13', tokensBetween(4, 4.125).toString()]);
  });

  it('comes back over a reload as the reader set it up, and so does the tab of examples', async () => {
    const page = await open();
    await page.getByRole('tab', { name: /Bottom/ }).click();
    await page.getByRole('radio', { name: 'Linear' }).click();
    const state = await tested.panel.savedState();
    expect(state).toEqual({
      profile: 'file:///profiles/docs',
      id: 'L3.N652',
      tab: 'bottom',
      scale: 'linear',
      counts: 'linear',
      effect: 'head',
      range: 'full',
      bin: null,
    });
    await tested.panel.close();
    const again = await open(samplePage, state);
    expect(await again.getByRole('tab', { selected: true }).innerText()).toMatch(/^Bottom/);
    expect(await again.getByRole('radio', { name: 'Linear' }).getAttribute('aria-checked')).toBe('true');
  });

  it('is read bar by bar with the keyboard, and lists the examples of a bar', async () => {
    const page = await open();
    await page.locator('canvas').focus();
    await page.keyboard.press('End');
    const spoken = page.locator('.chart-caption [aria-live]');
    expect(await spoken.innerText()).toBe(
      `5.13 to 5.25: ${tokensBetween(5.125, 5.25)} tokens (<0.01 %), 1 stored example`,
    );
    for (let bar = 0; bar < 3; bar++) await page.keyboard.press('ArrowLeft');
    expect(await spoken.innerText()).toMatch(/^4\.75 to 4\.88/);
    expect(await page.locator('.example.lit').count()).toBe(1);
    await page.keyboard.press('Enter');
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Range');
    expect(await page.locator('.example .value').allInnerTexts()).toEqual(['4.87']);
    expect(await tested.panel.savedState()).toMatchObject({ tab: 'range', bin: [4.75, 4.875] });
    await page.keyboard.press('Escape');
    expect(await page.getByRole('tab', { selected: true }).innerText()).toMatch(/^Top/);
  });

  it('shows the examples of a bar that was chosen before the reload', async () => {
    const state = {
      profile: 'file:///profiles/docs',
      id: 'L3.N652',
      tab: 'range',
      scale: 'linear',
      counts: 'log',
      range: 'full',
      bin: [4.75, 4.875],
    };
    const page = await open(samplePage, state);
    expect(await page.locator('.example .value').allInnerTexts()).toEqual(['4.87']);
    await page.getByRole('button', { name: 'Clear range' }).click();
    expect(await page.getByRole('tab', { selected: true }).innerText()).toMatch(/^Top/);
  });

  it('goes on with the keys from the bar that was chosen, and from where the pointer is', async () => {
    const page = await open();
    const spoken = page.locator('.chart-caption [aria-live]');
    await page.locator('canvas').focus();
    for (const key of ['End', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('button', { name: 'Clear range' }).focus();
    expect(await spoken.innerText()).toMatch(/^Bar width/);
    await page.locator('canvas').focus();
    await page.keyboard.press('ArrowRight');
    expect(await spoken.innerText()).toMatch(/^4\.88 to 5/);
    const box = (await page.locator('canvas').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect.poll(() => spoken.innerText()).not.toMatch(/^4\.88/);
    const [, upper] = /to (\S+):/.exec(await spoken.innerText())!;
    await page.keyboard.press('ArrowRight');
    expect(await spoken.innerText()).toMatch(new RegExp(`^${upper!} to`));
    await page.mouse.move(0, 0);
    expect(await spoken.innerText()).toMatch(new RegExp(`^${upper!} to`));
  });

  it('keeps the bar that is chosen and the list of its examples one, whatever range is drawn', async () => {
    const page = await open();
    await page.locator('canvas').focus();
    for (let bar = 0; bar < 30; bar++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const before = await tested.panel.savedState();
    await page.locator('histogram-figure vscode-single-select').click();
    await page.getByRole('option', { name: '0.1 % to 99.9 %' }).click();
    await page.getByRole('button', { name: 'Show as table' }).click();
    const rows = await page.locator('histogram-figure tbody tr').allInnerTexts();
    const state = (await tested.panel.savedState()) as { bin: [number, number] };
    expect(state.bin).not.toEqual((before as { bin: unknown }).bin);
    expect(
      rows.some((row) => row.startsWith(`${formatValue(state.bin[0])}\t${formatValue(state.bin[1])}`)),
    ).toBe(true);
  });

  it('counts on a logarithmic or a linear axis', async () => {
    const page = await open();
    const logarithmic = await pictureOf(page);
    await page.getByRole('radio', { name: 'Linear' }).click();
    await expect.poll(() => pictureOf(page), { timeout: 10_000 }).not.toBe(logarithmic);
    await page.getByRole('radio', { name: 'Linear' }).press('ArrowLeft');
    await expect.poll(() => pictureOf(page), { timeout: 10_000 }).toBe(logarithmic);
  });

  it('cuts the tails only where asked, and says how many tokens it cut', async () => {
    const page = await open();
    await page.locator('histogram-figure vscode-single-select').click();
    await page.getByRole('option', { name: '0.1 % to 99.9 %' }).click();
    const said = await page.locator('.chart-caption').innerText();
    const [, lower, higher] = /· ([\d,]+) tokens lower and ([\d,]+) higher are not drawn/.exec(said)!;
    for (const cut of [lower, higher]) {
      const tokens = Number(cut!.replaceAll(',', ''));
      expect(tokens).toBeGreaterThan(0);
      expect(tokens).toBeLessThanOrEqual(0.001 * samplePage.stats.count);
    }
  });

  it('is drawn anew when the theme changes', async () => {
    const page = await open();
    const dark = await pictureOf(page);
    await page.evaluate((variables) => {
      document.body.className = 'vscode-light';
      for (const [name, value] of Object.entries(variables))
        document.documentElement.style.setProperty(name, value);
    }, themes['vscode-light']);
    await expect.poll(() => pictureOf(page), { timeout: 10_000 }).not.toBe(dark);
  });

  it('stands for a neuron of one value and for one without any', async () => {
    const constant = {
      ...samplePage.stats,
      min: 1,
      max: 1,
      mean: 1,
      median: 1,
      std: 0,
      medianError: 0,
      constant: true,
    };
    await open({
      ...samplePage,
      stats: constant,
      histogram: { edges: [1, 1.5], counts: [samplePage.stats.count] },
    });
    await tested.panel.send(
      neuronMessage({
        ...samplePage,
        neuron: { ...samplePage.neuron, id: 'L9.N9' },
        stats: {
          ...samplePage.stats,
          count: 0,
          min: null,
          max: null,
          mean: null,
          median: null,
          medianError: null,
          std: null,
        },
        histogram: { edges: [], counts: [] },
        examples: { top: [], bottom: [], bands: [], random: [] },
      }),
    );
    await tested.panel.page.getByRole('heading', { name: 'L9.N9' }).waitFor();
    expect(await tested.panel.page.locator('.numbers').innerText()).toMatch(/Maximum\s+–/);
  });
});
