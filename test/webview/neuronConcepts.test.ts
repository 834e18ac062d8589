import { describe, expect, it } from 'vitest';
import { seriousFaults } from './accessibility';
import { neuronMessage, sampleMeaning, samplePage } from './messages';
import type { Theme } from './stubHost';
import { testedPanel } from './testedPanel';
import themes from './themes.json';

const THEMES = Object.keys(themes) as Theme[];

const tested = testedPanel('neuron');

const named = neuronMessage({ ...samplePage, ...sampleMeaning });

describe('the concepts of a neuron', () => {
  it('give the name in the head and the sentence, with how it was decided', async () => {
    const page = await tested.open(named);
    expect(await page.locator('h1 + .badge').innerText()).toBe('numbers with a unit');
    expect(await page.locator('.lead').innerText()).toMatch(
      /Goes with numbers with a unit\s+AUROC 0\.981 · AP 0\.84/,
    );
    await page.getByText('How was this decided?').click();
    const rule = await page.locator('.rules tr', { hasText: 'selectivity >' }).innerText();
    expect(rule).toContain('numbers with a unit: AUROC 0.981, AP 0.84, selectivity +0.32, q <1e-6');
    expect(rule).toContain('yes');
  });

  it('stand in a table, nested ones under their parent, and what was not measured is said', async () => {
    const page = await tested.open(named);
    const rows = await page.locator('.concepts tbody tr').allInnerTexts();
    expect(
      rows.map((row) =>
        row
          .trim()
          .split(/[\t\n]/)[0]!
          .trim(),
      ),
    ).toEqual(['numbers with a unit', 'digits', 'times of day', 'nouns']);
    expect(rows[1]).toMatch(/digits\s*0\.34 % of tokens\s*0\.902 \[\.888–\.915\]\s*0\.52\s*\+0\.32\s*<1e-6/);
    const section = await page.getByRole('region', { name: 'Concepts' }).innerText();
    expect(section).toContain('Of 26 concepts tested, it is among the first neurons for 4');
    expect(section).toContain('54 more were refused');
  });

  it('say plainly that there is no name, and nothing where none were tested', async () => {
    const page = await tested.open(
      neuronMessage({ ...samplePage, ...sampleMeaning, name: null, concepts: [] }),
    );
    const section = page.getByRole('region', { name: 'Concepts' });
    expect(await section.innerText()).toContain('No concept above 0.8.');
    await tested.panel.send(neuronMessage());
    await section.waitFor({ state: 'detached' });
    expect(await page.locator('.lead').innerText()).not.toContain('oes with');
  });

  it.each(THEMES)('can be read and operated by everyone (%s)', async (theme) => {
    for (const width of [1200, 420]) {
      const page = await tested.open(named, { theme, width });
      expect(await seriousFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      if (width === 1200) await tested.panel.close();
    }
  });
});
