import type { Page } from 'playwright-core';
import { is } from 'valibot';
import { describe, expect, it } from 'vitest';
import { steerPage, type SteerState } from '../../src/protocol/pages/steer';
import { seriousFaults } from './accessibility';
import {
  recordedAblations,
  recordedCorpusAblation,
  steerMessage,
  steerSubject,
  type RecordedAblation,
} from './steerMessages';
import { requireKnown, type Theme } from './stubHost';
import { testedPanel } from './testedPanel';
import themes from './themes.json';

const THEMES = Object.keys(themes) as Theme[];

const tested = testedPanel('steer');
const { next, mask, hidden } = recordedAblations;
const corpus = recordedCorpusAblation;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const prompt = (page: Page) => page.getByRole('textbox', { name: 'Prompt', exact: true });
const alert = (page: Page) => page.getByRole('alert');

/** The ablations that were asked for, each held against what the host takes. */
async function asked(): Promise<Record<string, unknown>[]> {
  const found = (await tested.panel.loads()).filter(({ type }) => type === 'ablate');
  for (const request of found) requireKnown(steerPage, request);
  return found.map(({ type: _, ...question }) => question);
}

async function lastRequest(): Promise<unknown> {
  const found = (await tested.panel.requests()).at(-1);
  requireKnown(steerPage, found);
  return found;
}

/** Opens the page, types the prompt of a recorded run, and runs it by the keys. */
async function ran(
  recorded: RecordedAblation = next,
  ...more: Parameters<typeof steerMessage> extends [unknown?, ...infer Rest] ? Rest : never
) {
  const page = await tested.open(steerMessage(recorded, ...more));
  await prompt(page).fill(recorded.text);
  await page.keyboard.press('Control+Enter');
  await page.locator('.facts').waitFor();
  return page;
}

/** Waits until the host has an ablation to answer: the tokens of the prompt are asked for before. */
async function underWay(page: Page): Promise<void> {
  await page.getByText('Running…').waitFor();
  await expect.poll(() => tested.panel.unanswered()).toContain('ablate');
}

const DEFAULTS = {
  ...{ at: 'all', controls: 20, seed: 1 },
  generation: { tokens: 40, temperature: 0, topP: 1 },
};

describe('the page that changes neurons', () => {
  it('shows the figures of the answer, and nothing else', async () => {
    const page = await ran();
    const { kl, p, identity } = next.answer;
    expect(oneLine(await page.locator('.facts').innerText())).toBe(
      '9.59 % → 10.7 % top token “ of” 0.0319 nats KL divergence, before to after 0.00208 median KL of 20 matched ' +
        'controls p = 0.095 1 of 20 controls is as large +0.00226 mean loss change, nats per token 1 → 1 rank of the top token',
    );
    expect([kl!.toFixed(4), p!.toFixed(3), identity]).toEqual(['0.0319', '0.095', 0]);
    expect(await page.locator('.header').innerText()).toContain(
      'Unchanged model reproduces the original output (max. difference 0)',
    );
    const rows = (await section(page, 'Next token').locator('tbody tr').allInnerTexts()).map(oneLine);
    expect(rows).toHaveLength(10);
    expect(rows[0]).toBe('·of 9.59 % 10.7 % +1.15 +0.113');
    await page.getByRole('button', { name: 'Show 12 more' }).click();
    expect(await section(page, 'Next token').locator('tbody tr').count()).toBe(next.answer.next.length);
    expect(await asked()).toEqual([
      { text: next.text, changes: ['L3.N341=mean:/profiles/docs'], ...DEFAULTS },
    ]);
  });

  it('sets the chosen neurons beside each control, in a picture and as a table', async () => {
    const page = await ran();
    const figure = section(page, 'Beside 20 matched controls');
    await figure.getByRole('img').focus();
    await page.keyboard.press('End');
    const strongest = [...next.answer.controls].sort((a, b) => b.change - a.change)[0]!;
    expect(await figure.locator('[aria-live]').innerText()).toBe(
      `${strongest.neurons[0]}: ${strongest.change.toPrecision(3)}`,
    );
    await page.keyboard.press('ArrowLeft');
    expect(await figure.locator('[aria-live]').innerText()).toBe('chosen, L3.N341: 0.0319');
    await figure.getByRole('button', { name: 'Show as table' }).click();
    const rows = (await figure.locator('tbody tr').allInnerTexts()).map(oneLine);
    expect(rows).toHaveLength(21);
    expect(rows.slice(0, 2)).toEqual([
      'L3.N341 (chosen) 0.0319',
      `${strongest.neurons[0]} ${strongest.change.toPrecision(3)}`,
    ]);
    await page.getByRole('button', { name: 'Use 200 controls' }).click();
    await expect.poll(async () => (await asked()).at(-1)?.controls).toBe(200);
  });

  it('colours each token by the change of its loss, read by the keys', async () => {
    const page = await ran();
    const text = section(page, 'Loss change per token').locator('valued-text');
    const changes = next.answer.loss.map(({ before, after }) => (before === null ? 0 : after! - before));
    const most = changes.reduce(
      (best, change, at) => (Math.abs(change) > Math.abs(changes[best]!) ? at : best),
      0,
    );
    expect(await text.locator('.token').nth(most).getAttribute('class')).toMatch(
      changes[most]! > 0 ? /p8/ : /n8/,
    );
    expect(await text.locator('.text').textContent()).toBe(next.text);
    await text.locator('.heat').focus();
    for (let key = 0; key <= most; key++) await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.getByRole('tooltip').innerText())
      .toContain(`token ${most + 1} of ${next.tokens.length}`);
  });

  it('asks for what is set up: value, unit, tokens, sampling', async () => {
    const page = await ran();
    await page.getByRole('textbox', { name: 'Add a neuron by its address' }).fill('1/651');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove L3.N341' }).click();
    await page.getByRole('button', { name: 'Add all pinned' }).click();
    await page.getByRole('radio', { name: 'Add', exact: true }).click();
    await page.getByRole('textbox', { name: 'Amount' }).fill('−1.5');
    await page.getByRole('radio', { name: '× q99.9' }).click();
    await page.getByRole('combobox', { name: 'At' }).click();
    await page.getByRole('option', { name: 'Tokens chosen in the prompt' }).click();
    const toggles = page.locator('token-toggles .toggle');
    await toggles.nth(5).click();
    await toggles.nth(5).press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'Sampled' }).click();
    await page.getByRole('textbox', { name: 'Temperature' }).fill('0.7');
    await page.getByRole('textbox', { name: 'Tokens', exact: true }).fill('12');
    await page.getByRole('button', { name: 'Run' }).click();
    await expect.poll(async () => (await asked()).length).toBe(2);
    const of = (id: string) => `${id}-1.5q:/profiles/docs`;
    expect((await asked()).at(-1)).toEqual({
      ...{ text: next.text, changes: ['L1.N651', 'L3.N341', 'L0.N251'].map(of) },
      ...{ at: '3,5', controls: 20, seed: 1, generation: { tokens: 12, temperature: 0.7, topP: 0.95 } },
    });
  });

  it('shows numbers before the continuations, these as they grow, and keeps what is written on stopping', async () => {
    const page = await tested.open({
      ...steerMessage(),
      answers: { ...steerMessage().answers, ablate: undefined },
    });
    await prompt(page).fill(next.text);
    await page.getByRole('button', { name: 'Run' }).click();
    await underWay(page);
    await tested.panel.report({ kind: 'measured', answer: { ...next.answer, generated: null } });
    await page.locator('.facts').waitFor();
    await tested.panel.report({ kind: 'written', side: 'before', text: ' of the' });
    const remark = section(page, 'Continuations').locator('[aria-live]');
    expect(await remark.getAttribute('aria-busy')).toBe('true');
    expect(await page.locator('.side').first().innerText()).toContain(`${next.text} of the`);
    expect(await page.locator('.differing').count()).toBe(0);
    await page.getByRole('button', { name: 'Stop' }).click();
    expect(await tested.panel.cancelled()).toBe(1);
    await tested.panel.send(steerMessage());
    await page.locator('.differing').first().waitFor();
    expect(await remark.getAttribute('aria-busy')).toBe('false');
    expect(await page.locator('.differing').allInnerTexts()).toEqual([
      expect.stringMatching(/^ ferry of the ferry/),
      expect.stringMatching(/^ March/),
    ]);
  });

  it('is cancelled by a newer run, whose answer alone counts', async () => {
    const page = await tested.open({
      ...steerMessage(),
      answers: { ...steerMessage().answers, ablate: undefined },
    });
    await prompt(page).fill('An earlier text');
    await page.keyboard.press('Control+Enter');
    await underWay(page);
    await prompt(page).fill(next.text);
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => tested.panel.cancelled()).toBe(1);
    await tested.panel.send(steerMessage());
    await page.locator('.facts').waitFor();
    const { run } = (await tested.panel.savedState()) as SteerState;
    expect(run?.setup.prompt).toBe(next.text);
    expect((await asked()).at(-1)?.text).toBe(next.text);
    expect(await alert(page).count()).toBe(0);
  });

  it('says what is amiss in a sentence, and keeps what it showed', async () => {
    const page = await ran();
    const facts = await page.locator('.facts').innerText();
    const amiss = async (sentence: RegExp): Promise<void> => {
      await page.keyboard.press('Control+Enter');
      await expect.poll(() => alert(page).allInnerTexts()).toEqual([expect.stringMatching(sentence)]);
      expect(await page.locator('.facts').innerText()).toBe(facts);
    };
    await page.getByRole('radio', { name: 'Clamp' }).click();
    await page.getByRole('textbox', { name: 'Lower bound' }).fill('two');
    await amiss(/“two” is no number/);
    await page.getByRole('textbox', { name: 'Lower bound' }).fill('2');
    await amiss(/lower bound 2 is above the upper bound 1/);
    await page.getByRole('radio', { name: 'Zero' }).click();
    await page.getByRole('textbox', { name: 'Controls' }).fill('201');
    await amiss(/controls must be a whole number from 0 to 200/);
    await prompt(page).fill('');
    await amiss(/prompt is empty/);
    expect(await page.locator('.hint', { hasText: 'What follows is of the last run' }).count()).toBe(1);
    const address = page.getByRole('textbox', { name: 'Add a neuron by its address' });
    await address.fill('L9.N1');
    await address.press('Enter');
    expect(await page.locator('.refusal').innerText()).toBe(
      'There is no L9.N1: the profile has the layers L0 to L3.',
    );
    await address.fill('L3.N768');
    await address.press('Enter');
    expect(await page.locator('.refusal').innerText()).toBe('There is no L3.N768: L3 has neurons 0 to 767.');
    expect(await asked()).toHaveLength(1);
  });

  it('keeps its results where the engine refuses, and takes them away where they would be no other model’s', async () => {
    const page = await tested.open({
      ...steerMessage(),
      answers: { ...steerMessage().answers, ablate: undefined },
    });
    await prompt(page).fill(next.text);
    await page.keyboard.press('Control+Enter');
    await underWay(page);
    await tested.panel.report({ kind: 'measured', answer: next.answer });
    await page.locator('.facts').waitFor();
    await tested.panel.fail('The text has 900 tokens, and default takes 256. Give a shorter one.', 'usage');
    await expect.poll(() => alert(page).innerText()).toContain('Give a shorter one.');
    expect(await page.locator('.facts').count()).toBe(1);
    await page.keyboard.press('Control+Enter');
    await underWay(page);
    await tested.panel.fail('With nothing changed, the output differs by 3.1e+0.', 'identity-failed');
    await expect.poll(() => alert(page).innerText()).toContain('the output differs by 3.1e+0');
    expect(await page.locator('.facts, .shifts, .picture').count()).toBe(0);
    expect(await page.locator('.header').innerText()).not.toContain('reproduces');
  });

  it('comes back after a reload with what was set up and what came of it', async () => {
    await ran();
    const state = (await tested.panel.savedState()) as SteerState;
    expect(is(steerPage.state, state)).toBe(true);
    expect(state.run?.answer).toEqual(next.answer);
    await tested.panel.close();
    const again = await tested.open(steerMessage(null), { state });
    expect(await prompt(again).inputValue()).toBe(next.text);
    expect(oneLine(await again.locator('.facts').innerText())).toContain('0.0319 nats');
    expect(await asked()).toEqual([]);
    await tested.panel.close();
    const other = await tested.open(steerMessage(null, { asked: 8, neurons: ['L1.N651'] }), { state });
    expect(await prompt(other).inputValue()).toBe(next.text);
    expect(await other.locator('.neuron-chip').allInnerTexts()).toEqual(['L1.N651']);
  });

  it('runs at once what it is opened for with a text', async () => {
    const page = await tested.open(steerMessage(next, { prompt: next.text }));
    await page.locator('.facts').waitFor();
    expect((await asked()).map(({ text }) => text)).toEqual([next.text]);
    await page.getByRole('link', { name: 'L3.N341' }).click();
    expect(await lastRequest()).toEqual({ type: 'openNeuron', neuron: 'L3.N341' });
  });

  it('compares hidden states where there is no head, and tells masks from next tokens', async () => {
    const page = await ran(hidden, { profile: null, layers: null });
    expect(await page.getByRole('radio', { name: /Mean|Resample/ }).count()).toBe(0);
    expect(oneLine(await page.locator('.facts').innerText())).toMatch(
      /^0\.999716 cosine of the sentence vector, before and after 0\.0135 median 1 − cosine of 20 matched controls p = 0\.905/,
    );
    const tokens = section(page, 'Change of each token’s last hidden state').locator('.token');
    expect(await tokens.allInnerTexts()).toEqual(hidden.tokens.map(({ piece }) => piece));
    expect(await page.getByRole('region', { name: 'Continuations' }).count()).toBe(0);
    await tested.panel.close();
    const masked = await ran(mask, { profile: null, layers: null });
    expect(await section(masked, 'Token at the mask').locator('tbody tr').count()).toBe(10);
    expect(await masked.locator('.note').first().innerText()).toContain(
      'The text spells special tokens (<mask>)',
    );
    expect(await masked.getByRole('region', { name: 'Continuations' }).count()).toBe(0);
  });

  it('leads to what wrote the next token of its prompt', async () => {
    const page = await ran();
    await page.getByRole('button', { name: 'What wrote this token' }).click();
    expect((await tested.panel.requests()).at(-1)).toEqual({
      type: 'openPrompts',
      prompts: [next.text, next.text],
      neurons: steerSubject.neurons,
    });
  });

  it('has no p without a fair control', async () => {
    const few = { ...next, answer: { ...next.answer, controls: next.answer.controls.slice(0, 3) } };
    const page = await ran(few);
    expect(await section(page, 'Beside matched controls').innerText()).toContain(
      'No fair control: only 3 other neurons',
    );
    expect(await page.locator('.facts').innerText()).not.toMatch(/p = |controls/);
  });

  it('is saved as tables, JSON, Markdown and a picture, with the command line that gives the same', async () => {
    const page = await ran();
    const save = async (entry: string) => {
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      const before = (await tested.panel.requests()).length;
      await page.getByRole('menuitem', { name: entry, exact: true }).click();
      await expect.poll(async () => (await tested.panel.requests()).length).toBe(before + 1);
      return (await lastRequest()) as { suggestedName: string; content: string };
    };
    expect(JSON.parse((await save('Everything as JSON')).content)).toEqual(next.answer);
    for (const [table, rows] of [
      ['Next tokens as CSV', next.answer.next.length],
      ['Losses as CSV', next.answer.loss.length],
      ['Controls as CSV', 21],
    ] as const) {
      expect((await save(table)).content.trim().split('\r\n')).toHaveLength(rows + 1);
    }
    const { suggestedName, content } = await save('Page as Markdown');
    expect(suggestedName).toBe('ablation-L3.N341.md');
    expect(content).toContain(
      `npx neuron-lens ablate default --dtype fp32 --text '${next.text}' --set L3.N341=mean:/profiles/docs --at all --controls 20 --seed 1 --generate 40`,
    );
    expect((await save('Controls as SVG')).content).toContain('<circle');
    const png = Buffer.from((await save('Controls as PNG')).content, 'base64');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    await page.locator('h1').click();
    await page.keyboard.press('e');
    expect(await page.getByRole('menu', { name: 'Export' }).count()).toBe(1);
    await page.keyboard.press('Escape');
  });

  it('shows hostile texts as what they are', async () => {
    const attack = '<img src=x onerror="document.title=1">\n';
    const answer = {
      ...next.answer,
      next: next.answer.next.map((shift) => ({ ...shift, token: attack })),
      generated: { before: attack, after: `${attack}<script>` },
      notices: [attack],
    };
    const page = await ran({
      ...next,
      text: attack,
      answer,
      tokens: [{ ...next.tokens[0]!, end: attack.length, piece: attack }],
    });
    expect(await page.locator('img, .page script').count()).toBe(0);
    expect(await page.locator('.shifts .chip').first().innerText()).toContain('<img·src=x');
    expect(await page.title()).toBe('L3.N652');
  });

  it.each(THEMES)('can be read and operated by everyone (%s)', async (theme) => {
    for (const width of [1200, 420]) {
      for (const recorded of [next, hidden]) {
        const words = steerMessage(recorded, { prompt: recorded.text });
        const answers = { ...words.answers, ablateCorpus: corpus.answer };
        const page = await tested.open({ ...words, answers }, { theme, width });
        await page.locator('.facts').waitFor();
        if (recorded === next) {
          await page.getByRole('button', { name: 'Over the corpus…' }).click();
          await page.locator('.corpus-groups').waitFor();
          await section(page, 'Over the corpus').screenshot({});
        }
        await page.getByRole('combobox', { name: 'At' }).click();
        await page.getByRole('option', { name: 'Tokens chosen in the prompt' }).click();
        await page.locator('token-toggles .toggle').first().click();
        expect(await seriousFaults(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        if (width === 1200 || recorded === next) await tested.panel.close();
      }
    }
  });
});
