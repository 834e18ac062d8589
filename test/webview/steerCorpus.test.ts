import type { Page } from 'playwright-core';
import { is } from 'valibot';
import { describe, expect, it } from 'vitest';
import { steerPage, type SteerState } from '../../src/protocol/pages/steer';
import { recordedCorpusAblation as corpus, steerMessage } from './steerMessages';
import { requireKnown } from './stubHost';
import { testedPanel } from './testedPanel';

const tested = testedPanel('steer');

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const alert = (page: Page) => page.getByRole('alert');
const ofCorpus = { changes: ['L3.N341=mean:/profiles/docs'], controls: 20, seed: 1 };

/** The runs over the corpus that were answered, each held against what the host takes. */
async function asked(): Promise<Record<string, unknown>[]> {
  const found = (await tested.panel.loads()).filter(({ type }) => type === 'ablateCorpus');
  for (const request of found) requireKnown(steerPage, request);
  return found.map(({ type: _, ...question }) => question);
}

describe('the page that changes neurons, over a corpus', () => {
  it('goes over the corpus of its profile: cost first, then progress, then each group of tokens', async () => {
    const page = await tested.open(steerMessage(null));
    const part = section(page, 'Over the corpus');
    await part.getByText('each run 24 times').waitFor();
    expect(oneLine(await part.innerText())).toContain(
      '2,000 tokens of 12 files of the profile, each run 24 times: about 24 s at its speed.',
    );
    await part.getByRole('button', { name: 'Over the corpus…' }).click();
    await tested.panel.report({ done: 3, total: 16 });
    await part.getByText('3 of 16 windows').waitFor();
    await part.getByRole('button', { name: 'Stop' }).click();
    expect(await tested.panel.cancelled()).toBe(1);
    await tested.panel.fail('Cancelled.', 'cancelled');
    await expect.poll(() => part.locator('progress').count()).toBe(0);
    expect(await alert(page).count()).toBe(0);

    await part.getByRole('combobox', { name: 'Concept' }).click();
    await page.getByRole('option', { name: corpus.concept, exact: true }).click();
    await part.getByRole('textbox', { name: 'Tokens to run' }).fill('0');
    await part.getByRole('button', { name: 'Over the corpus…' }).click();
    await expect.poll(() => alert(page).innerText()).toMatch(/tokens of the corpus must be a whole number/);
    await part.getByRole('textbox', { name: 'Tokens to run' }).fill('1500');
    await part.getByRole('button', { name: 'Over the corpus…' }).click();
    const words = steerMessage(null);
    await tested.panel.send({ ...words, answers: { ...words.answers, ablateCorpus: corpus.answer } });
    await part.locator('.corpus-groups').waitFor();
    expect(await asked()).toEqual([{ ...ofCorpus, limitTokens: 1500, concept: corpus.concept }]);
    const rows = (await part.locator('tbody tr').allInnerTexts()).map(oneLine);
    const [all] = corpus.answer.groups;
    const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toPrecision(3)}`;
    const farthest = all!.controls.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    expect(rows[0]).toBe(
      `all ${all!.tokens.toLocaleString('en')} ${all!.before.toFixed(3)} ${signed(all!.change)} ` +
        `${signed(all!.low!)} to ${signed(all!.high!)} ${signed(farthest)} ${all!.p!.toFixed(3)}`,
    );
    expect(await part.locator('tbody th').allInnerTexts()).toEqual([
      ...['all', 'predicted from its top 1 %', 'the rest', `that carry “${corpus.concept}”`, 'that do not'],
    ]);
    expect(await part.innerText()).toContain('Later layers repair what is missing');

    const state = (await tested.panel.savedState()) as SteerState;
    expect(is(steerPage.state, state)).toBe(true);
    await tested.panel.close();
    const again = await tested.open(steerMessage(null), { state });
    const kept = section(again, 'Over the corpus').locator('tbody tr');
    expect((await kept.allInnerTexts()).map(oneLine)).toEqual(rows);
    expect(await asked()).toEqual([]);
  });

  it('keeps what came of a corpus that is gone by now, and has none without a profile', async () => {
    const words = steerMessage(null);
    const page = await tested.open({ ...words, answers: { ...words.answers, ablateCorpus: corpus.answer } });
    const part = section(page, 'Over the corpus');
    await part.getByRole('button', { name: 'Over the corpus…' }).click();
    await part.locator('tbody tr').first().waitFor();
    expect(await asked()).toEqual([{ ...ofCorpus, limitTokens: 2000, concept: 'numbers with a unit' }]);
    await tested.panel.send(words);
    await part.getByRole('button', { name: 'Over the corpus…' }).click();
    await part.locator('.under-way').waitFor();
    await tested.panel.fail('None of the 12 files is under /corpus on this machine.', 'not-found');
    await expect.poll(() => alert(page).innerText()).toContain('None of the 12 files');
    expect(await part.locator('tbody tr').count()).toBe(5);
    await tested.panel.close();
    const alone = await tested.open(steerMessage(null, { profile: null, layers: null }));
    expect(await section(alone, 'Over the corpus').count()).toBe(0);
  });
});
