import type { Page } from 'playwright-core';
import { is } from 'valibot';
import { describe, expect, it } from 'vitest';
import { alignTokens } from '../../src/core/cause/promptAlignment';
import { promptPage } from '../../src/protocol/pages/prompt';
import { seriousFaults } from './accessibility';
import {
  promptMessage,
  recordedPrompts,
  shownAttribution,
  shownComparison,
  shownPrompts,
} from './promptMessages';
import { requireKnown, type Theme } from './stubHost';
import { testedPanel } from './testedPanel';
import themes from './themes.json';

const THEMES = Object.keys(themes) as Theme[];
const { compared, attributed, prompts } = recordedPrompts;

const tested = testedPanel('prompt');

async function open(message = promptMessage(), theme: Theme = 'vscode-dark', width = 1200): Promise<Page> {
  const page = await tested.open(message, { theme, width });
  await page.locator('.prompt-field .token').first().waitFor();
  return page;
}

/** What the page asked of the engine since a moment. */
async function asked(type: string): Promise<Record<string, unknown>[]> {
  const loads = await tested.panel.loads();
  for (const load of loads) requireKnown(promptPage, load);
  return loads.filter((load) => load['type'] === type);
}

/** A host that lets a question wait. */
const waiting = (method: string) => ({
  ...promptMessage(),
  answers: { ...promptMessage().answers, [method]: undefined },
});

const field = (page: Page, name: string) => page.getByRole('textbox', { name: `Prompt ${name}` });
const painted = (page: Page, at: number) => page.locator('.paint').nth(at);

describe('the page of prompts', () => {
  it('paints the same letters as the fields hold, with what differs underlined and every token coloured', async () => {
    const page = await open();
    for (const [at, text] of prompts.entries()) {
      expect(await field(page, 'AB'.charAt(at)).inputValue()).toBe(text);
      expect(await painted(page, at).textContent()).toBe(text);
      const sizes = await page
        .locator('.prompt-field')
        .nth(at)
        .evaluate((box) => [...box.children].map((child) => [child.clientWidth, child.clientHeight]));
      expect(sizes[0]![0]).toBe(sizes[1]![0]);
    }
    const ids = compared.prompts.map(({ tokens }) => tokens.map(({ id }) => id));
    const same = new Set(
      alignTokens(ids[0]!, ids[1]!).flatMap(({ from, to }) => (ids[0]![from] === ids[1]![to] ? [from] : [])),
    );
    const unlike = await painted(page, 0)
      .locator('.unlike')
      .evaluateAll((all) => all.map((element) => Number((element as HTMLElement).dataset['token'])));
    expect(unlike).toEqual(ids[0]!.map((_, at) => at).filter((at) => !same.has(at)));
    const largest = Math.max(...compared.prompts[0]!.values[0]!);
    const at = compared.prompts[0]!.values[0]!.indexOf(largest);
    expect(await painted(page, 0).locator(`[data-token="${at}"]`).getAttribute('class')).toMatch(/\bp8\b/);
  });

  it('asks anew a while after an edit, keeps the caret and the old colours', async () => {
    const page = await open();
    const before = (await asked('compare')).length;
    await field(page, 'B').focus();
    await page.keyboard.press('Home');
    await page.keyboard.type('Two ');
    expect(await painted(page, 1).textContent()).toBe(`Two ${prompts[1]}`);
    expect(await painted(page, 1).locator('.token').first().textContent()).toBe('Request');
    await expect.poll(async () => (await asked('compare')).length).toBe(before + 1);
    expect((await asked('compare')).at(-1)).toMatchObject({ prompts: [prompts[0], `Two ${prompts[1]}`] });
    const caret = await field(page, 'B').evaluate((box) => (box as HTMLTextAreaElement).selectionStart);
    expect(caret).toBe(4);
    await page.keyboard.press('Control+z');
    expect(await field(page, 'B').inputValue()).not.toBe(`Two ${prompts[1]}`);
  });

  it('lists the values of the chosen neurons, and colours by the one that is chosen', async () => {
    const page = await open();
    const rows = page.locator('.prompt-values').first().locator('tbody tr');
    expect(await rows.locator('th').allInnerTexts()).toEqual(compared.neurons);
    expect(await rows.first().locator('td').count()).toBe(compared.prompts[0]!.tokens.length);
    await page.getByRole('radio', { name: compared.neurons[0]! }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { checked: true }).first().innerText()).toBe(compared.neurons[1]);
    const { values } = compared.prompts[1]!;
    const step = Math.min(8, Math.round((8 * Math.max(...values[1]!)) / 4));
    const at = values[1]!.indexOf(Math.max(...values[1]!));
    expect(await painted(page, 1).locator(`[data-token="${at}"]`).getAttribute('class')).toContain(
      `p${step}`,
    );
  });

  it('adds and removes neurons and prompts', async () => {
    const page = await open();
    await page.getByLabel('Add a neuron').fill('2/15');
    await page.keyboard.press('Enter');
    expect((await asked('compare')).at(-1)).toMatchObject({ neurons: [...compared.neurons, 'L2.N15'] });
    await page.getByLabel('Add a neuron').fill('nothing');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').innerText()).toContain('“nothing” is no neuron');
    await page.getByRole('button', { name: 'Add the most different' }).click();
    await expect.poll(async () => (await asked('compare')).at(-1)?.['neurons']).toContain('L1.N7');
    await page.getByRole('button', { name: 'Remove L1.N7' }).click();
    expect((await asked('compare')).at(-1)?.['neurons']).not.toContain('L1.N7');
    await page.getByRole('button', { name: 'Add a prompt' }).click();
    expect((await asked('compare')).at(-1)?.['prompts']).toEqual([...prompts, prompts[1]]);
    await page.getByRole('button', { name: 'Remove prompt A' }).click();
    await expect
      .poll(async () => (await asked('compare')).at(-1)?.['prompts'])
      .toEqual([prompts[1], prompts[1]]);
  });

  it('shows what comes next, and what a patch makes of it beside controls', async () => {
    const page = await open();
    const table = page.locator('.next-tokens');
    const [top] = compared.next;
    const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
    expect(await table.locator('tbody tr').first().innerText()).toContain(share(top!.shares[0]!));
    expect(await table.innerText()).not.toContain('patched');
    await page.getByRole('radio', { name: 'A into B' }).click();
    expect((await asked('compare')).at(-1)).toMatchObject({ patch: { from: 0, to: 1, at: 'aligned' } });
    await page.getByText('B patched').first().waitFor();
    expect(await table.locator('tbody tr').first().innerText()).toContain(share(top!.patched!));
    expect(await page.locator('.pairs').innerText()).toMatch(/KL of 20 matched controls[\s\S]*0\.24/);
    expect(await page.locator('.header').innerText()).toContain('Unchanged model reproduces');
    await page
      .getByRole('button', { name: /Show \d+ more/ })
      .first()
      .click();
    expect(await table.locator('tbody tr').count()).toBe(compared.next.length);
  });

  it('tells what wrote the token, and checks it with the keyboard when asked', async () => {
    const page = await open();
    const section = page.locator('attribution-section');
    await section.locator('.shares').waitFor();
    expect(await section.innerText()).toContain('runs of this prompt, about');
    expect(await section.locator('.picture').count()).toBe(1);
    expect(await section.locator('.shares tbody tr').first().innerText()).toMatch(
      /L3\.N628[\s\S]*−0\.34\s+–/,
    );
    expect((await asked('attribute')).at(-1)).toMatchObject({ text: prompts[0], token: null, check: false });
    await field(page, 'A').focus();
    await page.keyboard.press('Control+Enter');
    await section.locator('.picture').nth(2).waitFor();
    expect((await asked('attribute')).at(-1)).toMatchObject({ check: true });
    const sum = (shares: readonly number[]): string => shares.reduce((all, one) => all + one, 0).toFixed(2);
    const told = await section.locator('.lead').innerText();
    expect(told).toContain(`logit is ${attributed.logit.toFixed(2)}`);
    expect(told).toContain(`FFNs add +${sum(attributed.ffn)}`);
    expect(told).toContain(`take ${attributed.joint.find(({ k }) => k === 32)!.chosen.toFixed(2)} away`);
    expect(await section.innerText()).toContain('50 checked in 1.93 s');
    await section.getByRole('button', { name: 'Show as table' }).nth(1).click();
    const rows = await section.locator('.scroll tbody tr').allInnerTexts();
    expect(rows.at(-1)).toContain(`+${attributed.sum.toFixed(2)}`);
    await section.getByRole('link', { name: 'L3.N628' }).click();
    expect((await tested.panel.requests()).at(-1)).toEqual({ type: 'openNeuron', neuron: 'L3.N628' });
    await section.getByRole('radio', { name: 'Prompt B' }).click();
    await expect
      .poll(async () => (await asked('attribute')).at(-1))
      .toMatchObject({ text: prompts[1], check: false });
  });

  it('leaves a prompt with Escape and goes to another with Alt and the arrows', async () => {
    const page = await open();
    await field(page, 'A').focus();
    await page.keyboard.press('Alt+ArrowDown');
    expect(await field(page, 'B').evaluate((box) => box === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    expect(await field(page, 'B').evaluate((box) => box === document.activeElement)).toBe(false);
  });

  it('is exported as JSON, and pins the neurons that carry the token', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Check by ablation' }).click();
    await page.getByRole('button', { name: 'Pin the first 8' }).click();
    const pins = (await tested.panel.requests()).filter(({ type }) => type === 'pin');
    expect(pins.map(({ neuron }) => neuron)).toEqual(attributed.neurons.slice(0, 8).map(({ id }) => id));
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'Everything as JSON' }).click();
    const saved = (await tested.panel.requests()).at(-1)!;
    expect(JSON.parse(String(saved['content']))).toMatchObject({
      ...{ prompts, neurons: compared.neurons, attribution: { token: attributed.token } },
      answer: { prompts: compared.prompts },
    });
  });

  it('leads to an ablation of the neuron that colours', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Ablate and steer' }).click();
    const wish = { type: 'openAblation', neuron: compared.neurons[0], text: prompts[0] };
    expect((await tested.panel.requests()).at(-1)).toEqual(wish);
    await tested.panel.send(promptMessage({ prompts: { ...shownPrompts, profile: null } }));
    await expect.poll(() => page.getByRole('button', { name: 'Ablate and steer' }).count()).toBe(0);
  });

  it('has the editor keep all that was set up', async () => {
    const page = await open();
    await field(page, 'B').fill('Something else');
    await page.getByRole('radio', { name: 'B into A' }).click();
    const kept = await tested.panel.savedState();
    expect(is(promptPage.state, kept)).toBe(true);
    expect(kept).toMatchObject({
      ...{ profile: '/profiles/docs', model: 'default', prompts: [prompts[0], 'Something else'] },
      ...{ neurons: compared.neurons, patch: { from: 1, to: 0, at: 'aligned' } },
    });
  });

  it('says of a model without a head what is missing, and of a prompt what stands against it', async () => {
    const reason = 'The text holds token 9, and it has embeddings for 5.';
    const [first, second] = compared.prompts;
    const answer = {
      ...compared,
      ...{ output: 'hidden' as const, next: [], patch: null },
      prompts: [
        { ...first!, tokensLeftOut: 30 },
        { ...second!, tokens: [], values: [], reason },
      ],
    };
    const page = await open(promptMessage({ comparison: { ...shownComparison, answer } }));
    expect(await page.locator('.note').innerText()).toContain('no output head');
    expect(await page.locator('.prompt').first().innerText()).toContain(
      'The first 12 of 42 tokens are used.',
    );
    expect(await page.locator('.prompt').nth(1).innerText()).toContain(reason);
    expect(await page.locator('attribution-section').count()).toBe(0);
  });

  it('keeps what it showed where an answer fails, but for a patch in a model that is another', async () => {
    const page = await open();
    await page.getByRole('radio', { name: 'A into B' }).click();
    await page.locator('.pairs').waitFor();
    await tested.panel.send(waiting('compare'));
    await page.getByLabel('Add a neuron').fill('L9.N1');
    await page.keyboard.press('Enter');
    await tested.panel.fail('default has no layer L9. It has L0 to L3.', 'not-found');
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('has no layer L9');
    expect(await page.locator('.prompt-values').count()).toBe(2);
    expect(await page.locator('.pairs').count()).toBe(1);
    await page.getByRole('button', { name: 'Remove L9.N1' }).click();
    await tested.panel.fail('With nothing changed, the output differs by 3.1e+0.', 'identity-failed');
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('differs by 3.1e+0');
    expect(await page.locator('.pairs').count()).toBe(0);
    expect(await page.locator('.header').innerText()).not.toContain('reproduces');
    expect(await page.locator('.prompt-values').count()).toBe(2);
  });

  it('cancels a question that a newer edit supersedes, and hears the newer answer alone', async () => {
    const page = await open();
    await tested.panel.send(waiting('compare'));
    const before = await tested.panel.cancelled();
    await field(page, 'B').fill('one');
    await expect.poll(() => tested.panel.cancelled()).toBe(before + 1);
    await field(page, 'B').fill('one more');
    await expect.poll(() => tested.panel.cancelled()).toBe(before + 2);
    await tested.panel.send(promptMessage());
    expect((await asked('compare')).at(-1)).toMatchObject({ prompts: [prompts[0], 'one more'] });
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('tells why a token is none, and hides shares that do not add up, with the number', async () => {
    const page = await open();
    await page.locator('.shares').waitFor();
    await tested.panel.send(waiting('attribute'));
    await page.getByRole('radio', { name: 'Prompt B' }).click();
    await tested.panel.fail('The parts of default add up to 3.1, and the logit is 4.7.', 'unsupported-model');
    await expect.poll(() => page.locator('attribution-section .note').innerText()).toContain('logit is 4.7');
    expect(await page.locator('.shares, attribution-section .picture').count()).toBe(0);
  });

  it('has a token typed that is not among the likeliest', async () => {
    const page = await open();
    await page.locator('attribution-section .shares').waitFor();
    await page.locator('attribution-section').evaluate((section) => section.scrollIntoView());
    await page.getByRole('combobox', { name: 'Token', exact: true }).click();
    await page.getByRole('option', { name: 'Other…' }).click();
    await page.getByLabel('Token, typed').fill('·zebra');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await asked('attribute')).at(-1)).toMatchObject({ token: ' zebra' });
    await page.getByRole('combobox', { name: 'against' }).click();
    await page.getByRole('option', { name: /9\.65 %/ }).click();
    await expect.poll(async () => String((await asked('attribute')).at(-1)!['against'])).toMatch(/^#\d+$/);
  });

  it('shows hostile text as text', async () => {
    const attack = '<img src=x onerror="document.title=\'taken\'">';
    const [first] = compared.prompts;
    const tokens = [{ id: 1, start: 0, end: attack.length, piece: attack }];
    const answer = {
      ...compared,
      prompts: [
        { ...first!, tokens, values: compared.neurons.map(() => [1]) },
        { ...first!, tokens, values: compared.neurons.map(() => [1]) },
      ],
      next: [{ id: 1, token: attack, shares: [0.5, 0.5], patched: null }],
    };
    const told = { ...attributed, token: { id: 1, text: attack }, notices: [attack] };
    const page = await open(
      promptMessage({
        prompts: { ...shownPrompts, prompts: [attack, attack] },
        comparison: { ...shownComparison, answer, meanings: { [compared.neurons[0]!]: attack } },
        attribution: { ...shownAttribution, answer: told },
      }),
    );
    await page.locator('.shares').waitFor();
    expect(await painted(page, 0).textContent()).toBe(attack);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).not.toBe('taken');
  });

  it.each(THEMES.flatMap((theme) => [1200, 420].map((width) => [theme, width] as const)))(
    'has no serious accessibility fault in %s at %s',
    async (theme, width) => {
      const page = await open(promptMessage(), theme, width);
      await page.getByRole('radio', { name: 'A into B' }).click();
      await page.getByRole('button', { name: 'Check by ablation' }).click();
      await page.locator('.picture').nth(2).waitFor();
      expect(await seriousFaults(page)).toEqual([]);
    },
  );
});
