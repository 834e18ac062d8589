import type { Page } from 'playwright-core';
import { is } from 'valibot';
import { describe, expect, it } from 'vitest';
import { conceptPage, type ShownConcept } from '../../src/protocol/pages/concept';
import { seriousFaults } from './accessibility';
import {
  conceptMessage,
  refusedConcept,
  sampleConcept,
  sampleControls,
  unnamedConcept,
} from './conceptMessages';
import { exampleOf } from './messages';
import { requireKnown, type Theme } from './stubHost';
import { testedPanel } from './testedPanel';
import themes from './themes.json';

const THEMES = Object.keys(themes) as Theme[];

const tested = testedPanel('concept');

async function open(...given: Parameters<typeof conceptMessage>): Promise<Page> {
  const page = await tested.open(conceptMessage(...given));
  if (given[0]?.refused === undefined || given[0].refused === null) await page.locator('.examples').waitFor();
  return page;
}

async function lastRequest(): Promise<unknown> {
  const found = (await tested.panel.requests()).at(-1);
  requireKnown(conceptPage, found);
  return found;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

describe('the page of a concept', () => {
  it('says what goes with it, on what evidence, and what the control reaches', async () => {
    const page = await open();
    expect(await page.locator('.lead').innerText()).toMatch(
      /^Goes with L3\.N652 and one more neuron\. On documents/,
    );
    expect(await page.locator('.facts').innerText()).toMatch(
      /2,104 \| 2,087[^]*96 \| 91[^]*0\.34 %[^]*0\.543/,
    );
    expect(oneLine(await section(page, 'Controls').innerText())).toMatch(
      /The concept 0\.981 \[\.974–\.987\] L3\.N652 Shuffled labels 0\.661 \[\.628–\.694\] L0\.N981/,
    );
    expect(oneLine(await section(page, 'At the best threshold').innerText())).toContain(
      'AUROC against numbers alone 0.930',
    );
    expect(oneLine(await section(page, 'Related concepts').innerText())).toContain(
      'Nested with it, explains less clock times',
    );
    expect(await page.locator('.footer').innerText()).toContain('Observed, not causal');
    expect(await page.locator('.header').innerText()).toContain('1 file changed');
  });

  it('ranks its neurons, with the name of each or what it lacks', async () => {
    const page = await open();
    const rows = (await page.locator('.ranking tbody tr').allInnerTexts()).map(oneLine);
    expect(rows[0]).toBe('L3.N652 0.981 [.974–.987] 0.84 0.32 +0.32 <1e-6 Named');
    expect(rows.map((row) => row.split('<1e-6 ')[1])).toEqual([
      ...['Named', 'Number with unit', 'Named', 'AP under 0.5', 'AP under 0.5'],
      ...['selectivity 0.2 or less', 'AP, selectivity'],
    ]);
    expect(await section(page, 'Neurons').locator('.remark').innerText()).toContain(
      'AUROC and AP 0.71, AUROC and top 1 % 0.64.',
    );
  });

  it('shows the evidence of the chosen neuron, by pointer and by keyboard', async () => {
    const page = await open();
    await page.getByRole('row', { name: /L5\.N90/ }).click();
    await section(page, 'L5.N90 on both classes').waitFor();
    await page.locator('tr[aria-selected=true]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await section(page, 'L18.N904 on both classes').waitFor();
    expect(await section(page, 'Examples').innerText()).toContain('of the concept and below the threshold');
    await page.keyboard.press('Enter');
    expect(await lastRequest()).toEqual({ type: 'openNeuron', neuron: 'L18.N904' });
    await page.keyboard.press(' ');
    expect(await lastRequest()).toEqual({ type: 'pin', neuron: 'L18.N904', pinned: true });
    const asked = (await tested.panel.loads()).filter(({ type }) => type === 'evidence');
    expect(asked.map(({ neuron }) => neuron)).toEqual(['L3.N652', 'L5.N90', 'L2.N1404', 'L18.N904']);
  });

  it('has hits, misses and false alarms that open where they stand', async () => {
    const page = await open();
    expect(await page.getByRole('tab').allInnerTexts()).toEqual([
      'Hits1,649',
      'Misses438',
      'False alarms225',
    ]);
    await page.locator('.place').first().click();
    expect(await lastRequest()).toMatchObject({
      type: 'openPlace',
      file: 'docs/guides/timeouts.md',
      line: 42,
      column: 34,
    });
    const wrong = { type: 'wrongLabel', concept: 'Duration unit' };
    await page.getByRole('button', { name: 'The label is wrong here' }).first().click();
    const told = (await lastRequest()) as { place: { text: string; before: string } };
    expect(told).toMatchObject({ ...wrong, outcome: 'hits', place: { file: 'docs/guides/timeouts.md' } });
    expect(told.place.text).toContain('seconds');
    expect(told.place.before).toContain('connect timeout is 30');
    await page.getByRole('tab', { name: /False alarms/ }).click();
    expect(await page.locator('.example').count()).toBe(3);
    await page.getByRole('button', { name: 'The label is wrong here' }).first().click();
    expect(await lastRequest()).toMatchObject({ ...wrong, outcome: 'falseAlarms' });
    expect(await section(page, 'Examples').innerText()).toContain(
      'above the threshold, not of the concept · 3 of 225',
    );
  });

  it('has pictures that can be read bar by bar, and as tables', async () => {
    const page = await open();
    const figure = section(page, 'L3.N652 on both classes');
    await figure.getByRole('img').focus();
    for (let key = 0; key < 48; key++) await page.keyboard.press('ArrowRight');
    expect(await figure.locator('[aria-live]').innerText()).toBe('3.38 to 3.50: 120 of the concept, 0 other');
    await figure.getByRole('button', { name: 'Show as table' }).click();
    expect(await figure.locator('tbody tr').count()).toBe(60);
    const many = section(page, 'How many neurons does it take');
    await many.getByRole('img').focus();
    await page.keyboard.press('End');
    expect(await many.locator('[aria-live]').innerText()).toBe('L3, all 1,536 neurons: AUROC 0.994');
    await page.keyboard.press('ArrowLeft');
    expect(await many.locator('[aria-live]').innerText()).toBe(
      '16 neurons: AUROC 0.991, shuffled labels 0.710',
    );
    await section(page, 'ROC curve')
      .getByRole('img')
      .hover({ position: { x: 300, y: 40 } });
    expect(await section(page, 'ROC curve').locator('[aria-live]').innerText()).toMatch(
      /% hits at [\d.]+ % false alarms/,
    );
  });

  it('orders the neurons otherwise, and keeps what was set up over a reload', async () => {
    const page = await open();
    await page.getByRole('combobox', { name: 'Order' }).click();
    await page.getByRole('option', { name: 'Order: average precision on B' }).click();
    const ids = await page.locator('.ranking .neuron-link').allInnerTexts();
    expect(ids.slice(0, 4)).toEqual(['L3.N652', 'L3.N1188', 'L5.N90', 'L7.N204']);
    await page.getByRole('combobox', { name: 'Order' }).click();
    await page.getByRole('option', { name: 'Order: average precision on A' }).click();
    expect(await page.locator('.ranking .neuron-link').first().innerText()).toBe('L14.N611');
    await page.getByRole('combobox', { name: 'Order' }).click();
    await page.getByRole('option', { name: 'Order: average precision on B' }).click();
    await page.getByRole('row', { name: /L7\.N204/ }).click();
    await page.getByRole('tab', { name: /Misses/ }).click();
    const state = await tested.panel.savedState();
    expect(state).toEqual({
      ...{ profile: 'file:///profiles/docs', concept: 'Duration unit', neuron: 'L7.N204' },
      ...{ tab: 'misses', order: 'ap' },
    });
    expect(is(conceptPage.state, state)).toBe(true);
    await tested.panel.close();
    const again = await tested.open(conceptMessage(), { state });
    await section(again, 'L7.N204 on both classes').waitFor();
    await tested.panel.send(conceptMessage(unnamedConcept));
    await section(again, 'L3.N652 on both classes').waitFor();
    expect(await again.getByRole('tab', { selected: true }).innerText()).toContain('Misses');
  });

  it('tells an unnamed concept and a refused one apart, with the accuracy of the labels', async () => {
    const page = await open(unnamedConcept);
    expect(await page.locator('.lead').innerText()).toMatch(
      /^No honest name\. The neuron that goes with it best, L3\.N652/,
    );
    expect(await page.locator('.header').innerText()).toContain('wink-nlp 2.4: precision 0.87, recall 0.61');
    await tested.panel.send(conceptMessage(refusedConcept));
    expect(await page.locator('.note').innerText()).toMatch(
      /^Refused\. There are no figures: 8 and 6 positives/,
    );
    expect(await page.locator('.ranking, .picture, .example').count()).toBe(0);
    expect((await page.locator('.needs tbody tr').allInnerTexts()).map(oneLine)).toEqual([
      ...['A, to choose neurons 8 50 2 10', 'B, to report them 6 50 1 10'],
    ]);
    await page.getByRole('link', { name: 'URLs' }).click();
    expect(await lastRequest()).toEqual({ type: 'openConcept', concept: 'URLs' });
  });

  it('offers controls with what they cost, shows how far one is, and what it gave', async () => {
    const page = await open();
    const rows = async () =>
      (await section(page, 'Controls').locator('tbody tr').allInnerTexts()).slice(2).map(oneLine);
    // The test took 96 s and its profile 126 s.
    expect(await rows()).toEqual([
      'Shuffled weights Test it about 3 min 42 s',
      'Token embedding alone Test it at most 3 min 42 s',
      'Another corpus Choose a profile …',
    ]);
    await page.getByRole('button', { name: 'Test it: Token embedding alone' }).click();
    expect(await lastRequest()).toEqual({ type: 'testControl', control: 'embedding' });
    const step = 'step 3 of 5: choosing neurons on half A 41 %';
    await tested.panel.tell({ running: { control: 'embedding', step } }, 'watchTests');
    await page.getByText(step).waitFor();
    expect((await rows())[1]).toBe(`Token embedding alone ${step} Stop`);
    expect(await page.getByRole('button', { name: 'Test it: Shuffled weights' }).isDisabled()).toBe(true);
    await section(page, 'Controls').getByRole('button', { name: 'Stop' }).click();
    expect(await lastRequest()).toEqual({ type: 'stopTest' });
    await tested.panel.tell({ running: { control: '/profiles/korpus-de', step } }, 'watchTests');
    await page.getByText('korpus-de').waitFor();
    expect((await rows())[2]).toBe(`korpus-de ${step} Stop`);
    await tested.panel.tell({ running: null }, 'watchTests');
    await tested.panel.send(conceptMessage(sampleConcept, { controls: sampleControls }));
    await page.getByText('dimension 41').waitFor();
    expect(await rows()).toEqual([
      'Shuffled weights 0.704 [.671–.735] L2.N77',
      'Token embedding alone 0.893 [.872–.912] dimension 41',
      'korpus-de L3.N652 there 0.930 0.948 [.921–.968] L5.N90',
      'Another corpus Choose a profile …',
    ]);
    // A neuron of shuffled weights is none of the model's.
    expect(await section(page, 'Controls').getByRole('link').allInnerTexts()).toEqual([
      ...['L3.N652', 'L0.N981', 'L5.N90'],
    ]);
    expect(await section(page, 'Controls').innerText()).toContain(
      'Over all concepts, 65 of 3,072 neurons carry a name; with shuffled weights 25 would.',
    );
    const refused = 'it has other labels now than in the test. Test concepts again';
    const [shuffled] = sampleControls;
    const controls = [{ ...shuffled!, neuron: null, refused }];
    await tested.panel.send(conceptMessage(sampleConcept, { controls }));
    await page.getByText(refused).waitFor();
    expect(await rows()).toHaveLength(3);
  });

  it('is left by single keys, in no field', async () => {
    const page = await open();
    await page.keyboard.press('g');
    expect(await lastRequest()).toEqual({ type: 'goToConcept' });
    await page.keyboard.press('p');
    expect(await lastRequest()).toEqual({ type: 'pin', neuron: 'L3.N652', pinned: true });
    await page.keyboard.press('e');
    expect(await page.getByRole('menu', { name: 'Export' }).count()).toBe(1);
  });

  it('says why evidence cannot be had, and that a test was stopped', async () => {
    const page = await tested.open(conceptMessage(sampleConcept, { partial: true, evidence: {} }));
    await tested.panel.fail('The profile is damaged.');
    expect(await section(page, 'Examples').innerText()).toContain('cannot be shown. The profile is damaged.');
    await page.locator('.note', { hasText: 'The test was stopped.' }).getByRole('button').click();
    expect(await lastRequest()).toEqual({ type: 'testConcepts' });
  });

  it('is exported as tables, text and pictures', async () => {
    const page = await open();
    const save = async (entry: string) => {
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      const before = (await tested.panel.requests()).length;
      await page.getByRole('menuitem', { name: entry, exact: true }).click();
      await expect.poll(async () => (await tested.panel.requests()).length).toBe(before + 1);
      return (await lastRequest()) as { suggestedName: string; content: string; encoding: string };
    };
    expect(await save('Neurons as CSV')).toMatchObject({
      suggestedName: 'Duration-unit.csv',
      encoding: 'utf-8',
    });
    expect(await save('Neurons as Arrow')).toMatchObject({ content: 'QVJST1cx', encoding: 'base64' });
    const { content } = await save('Everything as JSON');
    expect((JSON.parse(content) as { concepts: unknown }).concepts).toEqual([sampleConcept]);
    expect((await save('Page as Markdown')).content).toContain('# Duration unit');
    for (const picture of ['Both classes of L3.N652', 'ROC curve of L3.N652', 'How many neurons']) {
      const png = await save(`${picture} as PNG`);
      expect(Buffer.from(png.content, 'base64').subarray(1, 4).toString()).toBe('PNG');
      const svg = await save(`${picture} as SVG`);
      const isWellFormed = await page.evaluate(
        (text) =>
          new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror') === null,
        svg.content,
      );
      expect(isWellFormed).toBe(true);
      expect(svg.content).toContain('<polyline');
    }
  });

  it('shows hostile names and texts as what they are', async () => {
    const attack = '<img src=x onerror="document.title=1">\u202eevil';
    const concept = { ...sampleConcept, name: attack, pattern: attack };
    const { answers } = conceptMessage(concept);
    const evidence = answers.evidence as Record<string, object>;
    const hits = [exampleOf(['a', '<img src=x>'], [0, 3], 1, { file: `${attack}.md` })];
    const page = await open(concept, {
      evidence: {
        'L3.N652': { ...evidence['L3.N652'], examples: { hits, misses: [], falseAlarms: [] } } as never,
      },
      names: {
        'L3.N652': { concept: attack, auroc: 0.9, ap: 0.6 },
        'L5.N90': { concept: `${attack}2`, auroc: 0.9, ap: 0.6 },
      },
      nested: [attack],
      refused: [{ name: attack, reason: attack }],
    });
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('h1').innerText()).toBe('<img src=x onerror="document.title=1">‹U+202E›evil');
    expect(await page.locator('.ranking').innerText()).toContain('‹U+202E›evil2');
    expect(await page.content()).not.toContain('\u202e');
  });

  it('takes whatever figures a stored concept can have', async () => {
    const [first] = sampleConcept.neurons;
    const flat = {
      ...first!,
      id: 'L0.N1',
      auroc: 0.5,
      threshold: 9,
      precision: 0,
      recall: 0,
      meanDifference: 0,
    };
    const concept = {
      ...sampleConcept,
      neurons: [flat],
      many: { k: [1], auroc: [0.31], ap: [0.1], shuffled: [] },
    };
    const page = await open(concept, {
      evidence: {
        'L0.N1': {
          ...{ id: 'L0.N1', roc: [0, 0, 1, 1], range: 0 },
          histogram: { edges: [0, 2 ** -20], positives: [50], others: [90] },
          counts: { hits: 0, misses: 50, falseAlarms: 0 },
          examples: { hits: [exampleOf(['a'], [0], 0)], misses: [], falseAlarms: [] },
        },
      },
    });
    expect(await page.locator('.picture').count()).toBe(3);
    expect(await page.content()).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each(THEMES)('can be read and operated by everyone (%s)', async (theme) => {
    for (const concept of [sampleConcept, unnamedConcept, refusedConcept]) {
      for (const width of [1200, 420]) {
        const page = await tested.open(conceptMessage(concept), { theme, width });
        if (concept.refused === null) await page.locator('.examples').waitFor();
        expect(await seriousFaults(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        if (width === 1200 || concept !== refusedConcept) await tested.panel.close();
      }
    }
  });
});

it('tells of nothing that its host does not answer', () => {
  const { concept, evidence } = conceptMessage().answers as Record<string, unknown>;
  expect(is(conceptPage.requests.concept.result, concept)).toBe(true);
  expect((concept as ShownConcept).concept.neurons.length).toBeGreaterThan(3);
  for (const one of Object.values(evidence as object)) {
    expect(is(conceptPage.requests.evidence.result, one)).toBe(true);
  }
});
