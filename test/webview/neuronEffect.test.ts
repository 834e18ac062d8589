import { describe, expect, it } from 'vitest';
import type { LensErrorCode } from '../../src/core/common/errors';
import { seriousFaults } from './accessibility';
import { neuronMessage, realEffect, samplePage } from './messages';
import type { Theme } from './stubHost';
import { testedPanel } from './testedPanel';
import themes from './themes.json';

const THEMES = Object.keys(themes) as Theme[];
const HOSTILE = '<img src=x onerror=alert(1)>';

const tested = testedPanel('neuron');
const shown = neuronMessage(undefined, { effect: realEffect });

/** What both tables show, as text: token and effect by row. */
async function rows(): Promise<string[]> {
  const all = await tested.panel.page.locator('effect-section .effects tbody tr').allInnerTexts();
  return all.map((row) => row.replace(/\s+/g, ' ').trim());
}

function asShown(tokens: readonly { token: string; effect: number }[]): string[] {
  return tokens.map(({ token, effect }) => {
    const digits = Math.abs(effect).toPrecision(3);
    return `${token.replaceAll(' ', '·')} ${effect < 0 ? '−' : ''}${digits}`;
  });
}

describe('the effect of a neuron on the output', () => {
  it('has the figures of the command line, through the head and through the weights', async () => {
    const page = await tested.open(shown);
    const section = page.getByRole('region', { name: 'Effect on the output' });
    await section.waitFor();
    const { head, weights } = realEffect;
    expect(await rows()).toEqual([...asShown(head.promoted), ...asShown(head.suppressed)]);
    expect(await section.innerText()).toContain('at an activation of 3.70, its 99.9 % quantile');
    await page.getByRole('radio', { name: 'Own head' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await rows()).toEqual([...asShown(weights!.promoted), ...asShown(weights!.suppressed)]);
    expect(await section.innerText()).toContain('‖w_out‖ 2.76');
    expect(await tested.panel.savedState()).toMatchObject({ effect: 'weights' });
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    const copied = (await tested.panel.requests()).find(({ type }) => type === 'copyText')!;
    const [first] = weights!.promoted;
    expect(String(copied.text).split('\n')[1]).toBe(
      `${first!.id}\t${JSON.stringify(first!.token)}\t${first!.effect}`,
    );
  });

  it('leads to what wrote a token, with the strongest example as far as its token', async () => {
    const page = await tested.open(shown);
    await page.getByRole('button', { name: 'What wrote a token' }).click();
    const wish = (await tested.panel.requests()).at(-1)!;
    const [top] = samplePage.examples.top;
    expect(wish).toMatchObject({ type: 'openPrompts', neurons: ['L3.N652'] });
    const [text, again] = wish['prompts'] as string[];
    expect(text).toBe(again);
    expect(text!.endsWith(top!.token)).toBe(true);
    expect(top!.context.text).toContain(text);
  });

  it('is asked for behind the paint, and compared with ablations when the reader asks', async () => {
    const page = await tested.open(
      neuronMessage(undefined, { effect: { ...realEffect, calibration: null } }),
    );
    await page.getByText('Compare with ablations').waitFor();
    const asked = async () => (await tested.panel.loads()).filter(({ type }) => type === 'effect');
    expect(await asked()).toEqual([{ type: 'effect', neuron: 'L3.N652', calibrate: false }]);
    await tested.panel.send(shown);
    await page.getByText('correlates with true ablation at 1.00 in this layer').waitFor();
    await page.getByText('By layers').click();
    const layers = await page.locator('effect-section details tbody tr').allInnerTexts();
    expect(layers.map((row) => row.split(/\s+/)).map(([site, , r]) => [site, r])).toEqual(
      realEffect.calibration!.map(({ site, head }) => [site, head!.toFixed(2)]),
    );
  });

  it('asks for ablations, and says that they are under way', async () => {
    const words = neuronMessage(undefined, { effect: { ...realEffect, calibration: null } });
    const page = await tested.open(words);
    await page.getByText('Compare with ablations').waitFor();
    await tested.panel.holdEffects();
    await page.getByText('Compare with ablations').click();
    await page.getByRole('status').filter({ hasText: 'Comparing with ablations' }).waitFor();
    await tested.panel.send(shown);
    await page.getByText('correlates with true ablation').waitFor();
    expect((await tested.panel.loads()).filter(({ type }) => type === 'effect').at(-1)).toMatchObject({
      calibrate: true,
    });
  });

  it('leads to an ablation of the neuron', async () => {
    const page = await tested.open(shown);
    await page
      .getByRole('region', { name: 'Effect on the output' })
      .getByRole('button', { name: 'Ablate' })
      .click();
    const wish = (await tested.panel.requests()).at(-1);
    expect(wish).toMatchObject({ type: 'openAblation', neuron: 'L3.N652' });
  });

  it('is not there for a model without a head, with no error', async () => {
    const page = await tested.open(neuronMessage());
    await expect
      .poll(async () => (await tested.panel.loads()).some(({ type }) => type === 'effect'))
      .toBe(true);
    expect(await page.getByText('Effect on the output').count()).toBe(0);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says why there is none, and how to get one', async () => {
    const page = await tested.open(shown);
    await tested.panel.holdEffects();
    await tested.panel.tell({ type: 'show', subject: 'L3.N652' });
    await page.locator('effect-section').waitFor();
    const refuse = async (code: LensErrorCode, sentence: string): Promise<void> => {
      const said = page.locator('effect-section .note', { hasText: sentence });
      // What is to fail may still be on its way.
      await expect
        .poll(async () => {
          await tested.panel.fail(sentence, code);
          return said.count();
        })
        .toBe(1);
    };
    await refuse('not-found', 'The model org/gone is not on this machine. Download it.');
    await page.getByRole('button', { name: 'Try again' }).click();
    await refuse('engine-unavailable', 'The engine stopped unexpectedly.');
    expect(await rows()).not.toEqual([]);
    await page.getByRole('button', { name: 'Restart engine' }).click();
    await refuse('unsupported-model', 'More than fits into memory.');
    expect((await tested.panel.requests()).some(({ type }) => type === 'restartEngine')).toBe(true);
  });

  it('says where the weights alone do not tell, and shows tokens as text only', async () => {
    const head = { ...realEffect.head, promoted: [{ id: 1, token: HOSTILE, effect: 1 }] };
    const weightsReason = 'more than a norm stands before the unembedding';
    const effect = { ...realEffect, head, weights: null, weightsReason, notices: ['It is silent here.'] };
    const page = await tested.open(neuronMessage(undefined, { effect }));
    await page.getByText('It is silent here.').waitFor();
    expect((await rows())[0]).toBe(`${HOSTILE.replaceAll(' ', '·')} 1.00`);
    await page.getByRole('radio', { name: 'Weights only' }).click();
    await page.getByText('Not shown, as more than a norm stands before the unembedding.').waitFor();
    expect(await rows()).toEqual([]);
  });

  it.each(THEMES)('can be read and operated by everyone (%s)', async (theme) => {
    for (const width of [1200, 420]) {
      const page = await tested.open(shown, { theme, width });
      await page.getByText('By layers').click();
      expect(await seriousFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      if (width === 1200) await tested.panel.close();
    }
  });
});
