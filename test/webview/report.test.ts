import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamedNeuronPage } from '../../src/core/concepts/neuronMeaning';
import { launchBrowser } from '../browser/launchBrowser';
import { seriousFaults } from './accessibility';
import { exampleOf, LANGUAGES, samplePage } from './messages';
import { reportHtml } from './sampleReport';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), 'neuron-lens-report-'));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** Writes a report and opens it from disk, as its reader does. */
async function open(
  pages: readonly NamedNeuronPage[],
  { scheme = 'light', language }: { scheme?: 'light' | 'dark'; language?: string } = {},
): Promise<{ page: Page; faults: string[] }> {
  const file = join(folder, `${createHash('sha1').update(JSON.stringify(pages)).digest('hex')}.html`);
  await writeFile(file, await reportHtml({ profile: 'Workspace docs', pages }));
  const page = await browser.newPage({ colorScheme: scheme });
  if (language !== undefined) await page.addInitScript(speak, language);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (sent) => {
    if (!/^(file|data|blob):/.test(sent.url())) faults.push(`asked for ${sent.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await page.locator('report-page').waitFor();
  return { page, faults };
}

/** Runs in the page before its own script: a browser that names its language so. */
function speak(language: string): void {
  Object.defineProperty(navigator, 'language', { value: language });
}

function neuron(id: string, more: Partial<NamedNeuronPage> = {}): NamedNeuronPage {
  return { ...samplePage, ...more, neuron: { ...samplePage.neuron, id } };
}

describe('a report', () => {
  it('lists its neurons and shows their pages from one file that asks for nothing', async () => {
    const { page, faults } = await open([neuron('L3.N652'), neuron('L0.N7'), neuron('L5.N90')]);
    expect(await page.locator('.contents tbody th').allInnerTexts()).toEqual(['L3.N652', 'L0.N7', 'L5.N90']);
    expect(await page.locator('.contents tbody tr').first().innerText()).toMatch(
      /Sparse, Two-sided\s+·seconds ·minutes ·days\s+5\.21\s+0\.47 %/,
    );
    await page.getByRole('link', { name: 'L5.N90' }).click();
    const last = page.locator('report-neuron').nth(2);
    await last.locator('.example').first().waitFor();
    expect(await last.locator('.numbers tr').nth(4).innerText()).toMatch(/Maximum\s+5\.21/);
    await last.getByRole('tab', { name: /Bottom/ }).click();
    expect(await last.locator('.example').count()).toBe(samplePage.examples.bottom.length);
    expect(
      await page
        .locator('canvas')
        .first()
        .evaluate((canvas: HTMLCanvasElement) => canvas.width),
    ).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('keeps text of the corpus text, wherever it stands', async () => {
    const attack =
      '</script><script>document.title="taken"</script><img src=x onerror="document.title=1"><!--';
    const example = exampleOf(['a', attack], [0, 3], 1, { file: `${attack}.md` });
    const hostile = neuron('L1.N1', { examples: { top: [example], bottom: [], bands: [], random: [] } });
    const { page, faults } = await open([hostile]);
    expect(await page.locator('.token.peak').textContent()).toBe(attack);
    expect(await page.title()).toBe('Neurons of Workspace docs');
    expect(await page.locator('img').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is dark where the system is, and prints every neuron light', async () => {
    const { page } = await open([neuron('L3.N652'), neuron('L0.N7'), neuron('L5.N90')], { scheme: 'dark' });
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await background()).toBe('rgb(31, 31, 31)');
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    expect(await background()).toBe('rgb(255, 255, 255)');
    expect(await page.locator('neuron-page').count()).toBe(3);
    await page.close();
  });

  it.each(LANGUAGES)('shows its pages where the browser calls its language %j', async (language, date) => {
    const { page, faults } = await open([neuron('L3.N652')], { language });
    await page.locator('neuron-page .example').first().waitFor();
    expect(await page.locator('.header-second').first().innerText()).toMatch(date);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('has no serious accessibility fault', async () => {
    const { page } = await open([neuron('L3.N652'), neuron('L0.N7')]);
    await page.locator('neuron-page').nth(1).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.close();
  });
});
