import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/core/profile/manifest';
import type { NamedNeuronPage } from '../../src/core/concepts/neuronMeaning';
import { launchBrowser } from '../browser/launchBrowser';
import { failedSelfTest, neuronMessage, samplePage } from './messages';
import { openPanel, type StubbedPanel } from './stubHost';

let browser: Browser;
let panel: StubbedPanel;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

async function open(message: NamedNeuronPage): Promise<Page> {
  panel = await openPanel(browser, 'neuron');
  await panel.send(neuronMessage(message));
  await panel.page.locator('neuron-page').waitFor();
  return panel.page;
}

describe('a neuron page of', () => {
  const { manifest, examples } = samplePage;

  it('a run with the embedded model that was stopped in its first file', async () => {
    const model = { ...manifest.model, id: 'default' };
    const corpus = { ...manifest.corpus, files: 0, documents: 1, tokens: 1200 };
    const page = await open({ ...samplePage, manifest: { ...manifest, state: 'partial', model, corpus } });
    const header = await page.locator('.header-second').innerText();
    expect(header).toContain('embedded model · SiLU · fp32');
    expect(header).toContain('Workspace docs · part of a file · 1,200 tokens');
  });

  it('a model with two activation functions names that of its own FFN, and its floor', async () => {
    const model = { ...manifest.model, activation: 'relu, gelu_erf' };
    const neuron = { ...samplePage.neuron, activation: 'gelu_erf' as const, gated: false };
    const stats = { ...samplePage.stats, min: -0.16997 };
    const page = await open({ ...samplePage, neuron, stats, manifest: { ...manifest, model } });
    expect(await page.locator('.header-second').innerText()).toContain('SmolLM2-135M · GELU (erf) · fp32');
    await page.getByRole('tab', { name: /Bottom/ }).click();
    expect((await page.locator('examples-section .note').innerText()).replace(/\s+/g, ' ')).toBe(
      'GELU (erf) output cannot go below −0.170, so the bottom examples differ little.',
    );
    await page.locator('summary', { hasText: 'Run manifest' }).click();
    expect(await page.getByRole('row', { name: /^Model SmolLM2/ }).innerText()).toContain('ReLU, GELU (erf)');
    await panel.send(neuronMessage({ ...samplePage, neuron: { ...neuron, gated: true }, stats }));
    await expect.poll(() => page.locator('examples-section .note').count()).toBe(0);
  });

  it('a profile that keeps no text', async () => {
    const [first] = examples.top;
    const bare = { ...first!, token: '', tokenId: 1234, context: { ...first!.context, text: '' } };
    const page = await open({ ...samplePage, examples: { ...examples, top: [bare] } });
    const example = await page.locator('.example').first().innerText();
    expect(example).toContain(`${first!.file}:${first!.line}:${first!.column}`);
    expect(example).toContain('The profile keeps no text. The token has id 1234.');
  });
});

describe('the self-test of the model on a neuron page', () => {
  it('says what is off where it failed', async () => {
    const page = await open({
      ...samplePage,
      manifest: { ...samplePage.manifest, selfTest: failedSelfTest },
    });
    expect(await page.getByRole('alert').innerText()).toBe(
      'The self-test of the model failed. L15 differs by 0.310 from what its own matrices give, of which ' +
        'rounding explains 7.00 × 10⁻⁴. What is shown of this model may not be what it computes; try another ' +
        'file of it, or report it. Not checked: L29 (its weights are packed or rounded).',
    );
    expect(await page.locator('.badge.error').innerText()).toBe('Self-test failed · 0.310');
  });

  it('says nothing where none was made, as in older profiles', async () => {
    const { selfTest, ...older } = samplePage.manifest;
    expect(selfTest).not.toBeNull();
    const page = await open({ ...samplePage, manifest: older as Manifest });
    expect(await page.locator('.header-second').innerText()).not.toContain('elf-test');
    await page.locator('summary', { hasText: 'Run manifest' }).click();
    expect(await page.getByRole('row', { name: /^Self-test/ }).innerText()).toMatch(/not made/);
  });
});
