import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { formatShare } from '../../src/core/common/numberFormat';
import { overviewPage } from '../../src/protocol/pages/overview';
import { seriousFaults } from './accessibility';
import {
  overviewMessage,
  recordedOverview,
  recordedSkewness,
  recordedTokens,
  unsoundOverview,
} from './overviewMessages';
import { requireKnown, type Theme } from './stubHost';
import { testedPanel } from './testedPanel';
import themes from './themes.json';

const THEMES = Object.keys(themes) as Theme[];
const HOSTILE = '<img src=x onerror=alert(1)>';

const tested = testedPanel('overview');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const firstRows = (page: Page) => section(page, 'Worth looking at first').locator('tbody tr');

async function lastRequest(): Promise<unknown> {
  const found = (await tested.panel.requests()).at(-1);
  requireKnown(overviewPage, found);
  return found;
}

describe('the overview of a profile', () => {
  it('says what is there, and nothing else', async () => {
    const page = await tested.open(overviewMessage());
    const { neurons, named, first, scored } = recordedOverview;
    expect(oneLine(await section(page, 'Summary').locator('.lead').innerText())).toContain(
      `${named!.named.neurons} of ${neurons.toLocaleString('en-US')} neurons carry a name; with shuffled weights ${named!.shuffled!.neurons} would. ${named!.tested} concepts were tested`,
    );
    expect(oneLine(await page.locator('.facts').innerText())).toContain(
      `${neurons.toLocaleString('en-US')} neurons in 4 layers ${scored.toLocaleString('en-US')} tokens scored 0 dead neurons (0 %)`,
    );
    const [top] = first;
    const tokens = recordedTokens[top!.id]!.map(({ token }) => token.replaceAll(' ', '·'));
    await expect
      .poll(async () => oneLine(await firstRows(page).first().innerText()))
      .toBe(`${top!.id} digits AUROC 0.996, AP 0.87 ${tokens.join(' ')} ${top!.why}`);
    expect(await section(page, 'By family').locator('tbody tr').allInnerTexts()).toHaveLength(
      named!.families.length,
    );
    expect(await page.getByText('Shuffle the weights too').count()).toBe(0);
  });

  it('shows ten neurons, then all, and asks for the tokens of those in sight alone', async () => {
    const page = await tested.open(overviewMessage());
    await expect.poll(() => firstRows(page).count()).toBe(10);
    await page.getByRole('button', { name: 'Show 40 more' }).click();
    await expect.poll(() => firstRows(page).count()).toBe(50);
    await expect.poll(() => page.locator('.chips[aria-busy=true]').count()).toBe(0);
    const asked = (await tested.panel.loads()).filter(({ type }) => type === 'strongestTokens');
    expect(asked.map(({ neurons }) => (neurons as string[]).length)).toEqual([10, 40]);
    expect(await tested.panel.savedState()).toEqual({
      profile: '/profiles/docs',
      metric: 'density',
      all: true,
    });
  });

  it('opens neurons and concepts from their names, and a neuron from its point by pointer and keys', async () => {
    const page = await tested.open(overviewMessage());
    const { id, name } = recordedOverview.first[0]!;
    await firstRows(page).first().getByRole('link', { name: id }).click();
    expect(await lastRequest()).toEqual({ type: 'openNeuron', neuron: id });
    await firstRows(page).first().getByRole('link', { name: name!.concept }).click();
    expect(await lastRequest()).toEqual({ type: 'openConcept', concept: name!.concept });
    const figure = section(page, 'Density and kurtosis');
    await figure.getByRole('img').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const { neurons } = recordedOverview.sample;
    expect(await lastRequest()).toEqual({ type: 'openNeuron', neuron: neurons[1]!.id });
    // The middle of the sample is crowded: an end is not.
    const dot = figure.locator('circle.dot').last();
    await dot.hover();
    const read = await figure.locator('[aria-live]').innerText();
    expect(read).toBe(
      `${neurons.at(-1)!.id}: density ${formatShare(neurons.at(-1)!.density)}, kurtosis ${read.split(' ').at(-1)!}`,
    );
    await dot.click();
    expect(await lastRequest()).toEqual({ type: 'openNeuron', neuron: neurons.at(-1)!.id });
    await figure.getByRole('button', { name: 'Show as table' }).click();
    await figure.getByRole('link', { name: neurons[0]!.id, exact: true }).click();
    expect(await lastRequest()).toEqual({ type: 'openNeuron', neuron: neurons[0]!.id });
  });

  it('sorts the layers by another metric, which it keeps over a reload', async () => {
    const page = await tested.open(overviewMessage());
    const layers = section(page, 'Layers');
    const widths = () =>
      layers
        .locator('tbody tr')
        .first()
        .locator('rect')
        .evaluateAll((rects) => rects.map((rect) => Number(rect.getAttribute('width'))));
    const shown = (shades: readonly number[]) => shades.filter((count) => count > 0);
    expect(await widths()).toEqual(shown(recordedOverview.strips.layers[0]!.shades));
    await layers.getByRole('combobox', { name: 'Metric' }).click();
    await page.getByRole('option', { name: 'Skewness' }).click();
    await expect.poll(widths).toEqual(shown(recordedSkewness.layers[0]!.shades));
    const state = await tested.panel.savedState();
    expect(state).toEqual({ profile: '/profiles/docs', metric: 'skewness', all: false });
    await tested.panel.close();
    await tested.open(overviewMessage(), { state });
    await expect
      .poll(async () => (await tested.panel.loads()).filter(({ type }) => type === 'strips'))
      .toEqual([{ type: 'strips', metric: 'skewness' }]);
  });

  it('offers to test concepts where none were, the control where it is missing, a report and the manifest', async () => {
    const page = await tested.open(overviewMessage(unsoundOverview));
    expect(await page.getByRole('columnheader', { name: 'Goes with' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Test Concepts…' }).click();
    expect(await lastRequest()).toEqual({ type: 'testConcepts' });
    await page.getByRole('button', { name: 'Save report' }).click();
    expect(await lastRequest()).toEqual({ type: 'saveReport' });
    await page.getByRole('button', { name: 'Copy as JSON' }).click();
    const { text } = (await lastRequest()) as { text: string };
    expect(JSON.parse(text)).toEqual(unsoundOverview.manifest);
    expect(await page.getByRole('alert').innerText()).toContain('The self-test of the model failed.');
    const named = { ...recordedOverview.named!, shuffled: null };
    await tested.panel.send(overviewMessage({ ...recordedOverview, named }));
    await page.getByRole('button', { name: 'Shuffle the weights too' }).click();
    expect(await lastRequest()).toEqual({ type: 'testShuffled' });
  });

  it('shows hostile names and tokens as what they are', async () => {
    const [top, ...rest] = recordedOverview.first;
    const message = overviewMessage(
      {
        ...recordedOverview,
        first: [{ ...top!, name: { ...top!.name!, concept: HOSTILE }, why: HOSTILE }, ...rest],
        notes: [{ tone: 'warning', head: HOSTILE, text: HOSTILE }],
        manifest: {
          ...recordedOverview.manifest,
          model: { ...recordedOverview.manifest.model, id: HOSTILE, activation: HOSTILE },
        },
      },
      HOSTILE,
    );
    const strongestTokens = {
      ...recordedTokens,
      [top!.id]: [
        { token: HOSTILE, tokenId: 7 },
        { token: '', tokenId: 9 },
      ],
    };
    const page = await tested.open({ ...message, answers: { ...message.answers, strongestTokens } });
    await page.locator('.chip', { hasText: '#9' }).waitFor();
    expect(await page.getByText('onerror').count()).toBeGreaterThan(6);
    expect(await page.locator('img[src]').count()).toBe(0);
  });

  it.each(THEMES.flatMap((theme) => [420, 1200].map((width) => ({ theme, width }))))(
    'is accessible and fits in $theme at $width',
    async ({ theme, width }) => {
      for (const overview of [recordedOverview, unsoundOverview]) {
        const page = await tested.open(overviewMessage(overview), { theme, width });
        await page.locator('.picture').last().waitFor();
        await expect.poll(() => page.locator('.chips[aria-busy=true]').count()).toBe(0);
        expect(await seriousFaults(page)).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBe(0);
        if (overview === recordedOverview) await tested.panel.close();
      }
    },
  );
});
