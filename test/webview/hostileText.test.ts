import { describe, expect, it } from 'vitest';
import type { NamedNeuronPage } from '../../src/core/concepts/neuronMeaning';
import type { Example } from '../../src/core/profile/neuronPage';
import { exampleOf, neuronMessage, sampleMeaning, samplePage } from './messages';
import { testedPanel } from './testedPanel';

const tested = testedPanel('neuron');

function withTop(...top: Example[]): NamedNeuronPage {
  return { ...samplePage, examples: { top, bottom: [], bands: [], random: [] } };
}

describe('hostile text', () => {
  it('stays text', async () => {
    const attack = '<img src=x onerror="document.title=\'taken\'">';
    const page = await tested.open(
      neuronMessage(
        withTop(exampleOf(['Hello', ` ${attack}`, '</script>'], [0, 3, 1], 1, { file: `docs/${attack}.md` })),
      ),
    );
    expect(await page.locator('.token.peak').textContent()).toBe(` ${attack}`);
    expect(await page.locator('.place').innerText()).toBe(`docs/${attack}.md:1:6`);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('L3.N652');
  });

  it('in the name of a concept stays text, and cannot reorder what is read', async () => {
    const concept = '<img src=x>\u202esetouq';
    const page = await tested.open(
      neuronMessage({
        ...samplePage,
        ...sampleMeaning,
        name: { concept, auroc: 0.9, ap: 0.7 },
        concepts: [{ ...sampleMeaning.concepts[0]!, name: concept }],
      }),
    );
    const shown = '<img src=x>‹U+202E›setouq';
    expect(await page.locator('.lead').innerText()).toContain(`Goes with ${shown}`);
    expect(await page.locator('.concepts tbody th').innerText()).toContain(shown);
    expect(await page.locator('h1 + .badge').innerText()).toContain(shown);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.content()).not.toContain('\u202e');
  });

  it('in the name of a file cannot reorder what is read', async () => {
    const page = await tested.open(
      neuronMessage(withTop(exampleOf(['a', 'b'], [0, 1], 1, { file: 'docs/\u202efdp.md' }))),
    );
    expect(await page.locator('.place').innerText()).toMatch(/^docs\/‹U\+202E›fdp\.md:\d+:\d+$/);
    expect(await page.locator('.place').getAttribute('title')).not.toContain('\u202e');
  });

  it('keeps its order and its letters joined when it runs from right to left', async () => {
    const words = ['المهلة', ' الافتراضية', ' هي', ' 30', ' ثانية'];
    const page = await tested.open(neuronMessage(withTop(exampleOf(words, [0.1, 0, 0, 0.7, 3.9], 4))));
    const heat = page.locator('.heat');
    expect(await heat.locator('.text').textContent()).toBe(words.join(''));
    expect(await heat.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
    const first = await heat.locator('.token').first().boundingBox();
    const last = await heat.locator('.token').last().boundingBox();
    expect(first!.x).toBeGreaterThan(last!.x);
  });

  it('of CJK, emoji and white space is shown as it is', async () => {
    const tokens = ['秒', 'です', '。', ' 👩‍🚀', '\n', '\t', '   ', 'return'];
    const page = await tested.open(neuronMessage(withTop(exampleOf(tokens, [4, 0, 0, 1, 2, 1, -2, 0], 0))));
    expect(await page.locator('.heat .text').textContent()).toBe('秒です。 👩‍🚀⏎⇥···return');
  });

  it('of ten megabytes in one token is cut before it is drawn', async () => {
    const huge = 'x'.repeat(10 * 1024 * 1024);
    const page = await tested.open(neuronMessage(withTop(exampleOf(['a', huge, 'b'], [0, 3, 0], 1))));
    expect(((await page.locator('.token.peak').textContent()) ?? '').length).toBeLessThan(500);
    expect(((await page.locator('body').textContent()) ?? '').length).toBeLessThan(100_000);
  });
});
