import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { neuronPage } from '../../src/protocol/pages/neuron';
import { seriousFaults } from './accessibility';
import { LANGUAGES, neuronMessage, realPage, samplePage } from './messages';
import { type openPanel, requireKnown, type Theme } from './stubHost';
import { testedPanel } from './testedPanel';
import themes from './themes.json';

const THEMES = Object.keys(themes) as Theme[];

const tested = testedPanel('neuron');

function open(message = neuronMessage(), options: Parameters<typeof openPanel>[2] = {}): Promise<Page> {
  return tested.open(message, options);
}

async function requestsOf(type: string): Promise<Record<string, unknown>[]> {
  return (await tested.panel.requests()).filter((request) => request.type === type);
}

/** The last request of a type, checked as the host checks it. */
async function lastRequest(type: string): Promise<unknown> {
  const found = (await requestsOf(type)).at(-1);
  requireKnown(neuronPage, found);
  return found;
}

/** What a reader had set up who looked at the random examples. */
const viewOfRandom = { tab: 'random', scale: 'linear', counts: 'log', range: 'full', bin: null };

describe('the neuron page', () => {
  it('shows who the neuron is', async () => {
    const page = await open();
    expect(await page.locator('h1').textContent()).toBe('L3.N652');
    const header = await page.locator('.header-second').innerText();
    expect(header).toMatch(/SmolLM2-135M · SiLU · fp32/);
    expect(header).toMatch(/Workspace docs · 412 files ·\s1,244,981 tokens/);
    expect(header).toMatch(/22 Nov 2026/);
    expect(header).toMatch(/Complete\s*Self-test passed · 2\.98 × 10⁻⁶/);
    await page.getByText('1 file changed').waitFor();
    expect(await page.getByText('missing').count()).toBe(0);
  });

  it('shows the statistics with their errors, and what was left out', async () => {
    const page = await open();
    const rows = await page.locator('.numbers tr').allInnerTexts();
    expect(rows.map((row) => row.replace(/\s+/g, ' '))).toEqual([
      'Mean −0.00461',
      'Standard deviation 0.180',
      'Median −0.0151 ± 0.0313',
      'Minimum −2.31',
      'Maximum 5.21',
      'Skewness 7.71',
      'Kurtosis (excess) 168',
      'Density, value > 0.500 0.47 %',
      'Share of values > 0 43.0 %',
      'Top share 37.2 %',
      'Tokens counted 1,240,110',
      'Left out: first position of a window 4,871',
      'Dead No',
      'Constant No',
    ]);
  });

  it('reads the neuron in a sentence and shows the rules behind it', async () => {
    const page = await open();
    const lead = (await page.locator('.lead').innerText()).replace(/\s+/g, ' ');
    expect(lead).toBe(
      'Sparse and two-sided. It is above 0.50 on 0.47 % of tokens: often a specific feature. Most strongly on ' +
        '·seconds ·minutes ·days. Below the top it holds something else: ·KB ·times. Its negative values are large ' +
        'as well, lowest on 14 30 09.',
    );
    expect(await page.locator('.lead .chip').allInnerTexts()).toEqual(
      samplePage.reading.parts.flatMap((part) =>
        typeof part === 'string' ? [] : part.tokens.map(({ token }) => token.replace(' ', '·')),
      ),
    );
    await page.getByText('How was this decided?').click();
    expect(await page.locator('.rules tbody tr').nth(1).innerText()).toMatch(
      /Sparse: density under 1 %\s+0.47 %\s+yes/,
    );
  });

  it('colours each token by its own value and outlines the ranked one', async () => {
    const page = await open();
    const tokens = page.locator('.example').first().locator('.token');
    const classes = await tokens.evaluateAll((elements) =>
      elements.map((element) => [
        element.textContent,
        (element.getAttribute('class') ?? '').trim().replace(/\s+/g, ' '),
      ]),
    );
    expect(classes).toContainEqual([' 30', 'token p1']);
    expect(classes).toContainEqual([' seconds', 'token p8 peak']);
    expect(classes).toContainEqual(['The', 'token zero']);
    const background = (at: number): Promise<string> =>
      tokens.nth(at).evaluate((element) => getComputedStyle(element).backgroundColor);
    const peak = classes.findIndex(([, name]) => name?.includes('peak'));
    expect(await background(peak)).toBe('color(srgb 0.721569 0.360784 0)');
  });

  it('colours by the root of the value, or each example by its own largest, where asked', async () => {
    const page = await open();
    const choice = page.locator('examples-section vscode-single-select');
    const classOf = async (text: string, example: number): Promise<string | null> =>
      page
        .locator('.example')
        .nth(example)
        .locator('.token', { hasText: text })
        .first()
        .getAttribute('class');
    const weak = samplePage.examples.top[0]!.context.tokens.find(({ value }) => value === 0.94)!.value!;
    await choice.click();
    await page.getByRole('option', { name: 'Colours: ±max, square root' }).click();
    expect(await classOf('30', 0)).toMatch(new RegExp(`p${Math.round(8 * Math.sqrt(weak / 5.21))}\\b`));
    await choice.click();
    await page.getByRole('option', { name: 'Colours: this example only' }).click();
    expect(await page.locator('.example').nth(11).locator('.token.peak').getAttribute('class')).toMatch(/p8/);
    expect(await page.locator('.legend').innerText()).toMatch(/\+R of each example/);
  });

  it('leaves no tooltip behind when its token goes', async () => {
    const page = await open();
    await page.locator('.token.peak').first().hover();
    expect(await page.locator('.tooltip').innerText()).toMatch(/·seconds\s+5\.21\s+percentile 99\.99992/);
    await page.keyboard.press('2');
    await page.getByRole('tab', { name: /Bottom/, selected: true }).waitFor();
    expect(await page.locator('.tooltip').isVisible()).toBe(false);
  });

  it('asks for the place of an example, exactly', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'docs/guides/timeouts.md:42:34' }).click();
    const { file, record, start, end, line, column, token } = samplePage.examples.top[0]!;
    expect(await lastRequest('openPlace')).toEqual({
      type: 'openPlace',
      file,
      record,
      start,
      end,
      line,
      column,
      token,
    });
  });

  it('asks for the list that is looked at, and for the others behind the paint', async () => {
    await open(neuronMessage(), {
      state: { ...viewOfRandom, profile: 'file:///profiles/docs', id: 'L3.N652' },
    });
    await tested.panel.page.locator('.example').first().waitFor();
    expect((await tested.panel.loads())[0]).toEqual({ type: 'neuron', list: 'random' });
    await expect
      .poll(async () => (await tested.panel.loads()).filter(({ type }) => type === 'examples'))
      .toEqual(['top', 'bottom', 'bands'].map((list) => ({ type: 'examples', neuron: 'L3.N652', list })));
    expect(
      (await tested.panel.page.getByRole('tab').allInnerTexts()).map((text) =>
        text.replace(/\s+/g, ' ').replace(/(\D)(\d)/, '$1 $2'),
      ),
    ).toEqual(['Top 12', 'Bottom 4', 'Quantile bands 5', 'Random 4', 'Range']);
  });

  it('asks for what is stored of a bar, says how much that is, and where it cannot be had', async () => {
    const bar = samplePage.examples.top.slice(0, 2);
    const words = neuronMessage();
    const page = await open(
      { ...words, answers: { ...words.answers, between: { examples: bar, stored: 57 } } },
      {
        state: {
          ...viewOfRandom,
          tab: 'range',
          bin: [5, 5.125],
          profile: 'file:///profiles/docs',
          id: 'L3.N652',
        },
      },
    );
    await page.locator('.example').nth(1).waitFor();
    expect(await lastRequest('between')).toEqual({ type: 'between', neuron: 'L3.N652', low: 5, high: 5.125 });
    expect(await page.locator('.example').count()).toBe(2);
    expect(await page.locator('.examples-bar').innerText()).toContain('2 of 57 stored examples');
    await page.getByRole('button', { name: 'Clear range' }).click();
    expect(await page.getByRole('tab', { selected: true }).innerText()).toMatch(/^Top/);
  });

  it('marks stale examples, and those whose file is gone without a link', async () => {
    const page = await open(neuronMessage(samplePage, { missingFiles: ['src/net/retry.ts'] }));
    const examples = page.locator('.example');
    expect(await examples.nth(2).locator('.badge').innerText()).toBe('Stale');
    await page.getByText('1 file changed').waitFor();
    await page.getByText('1 file missing').waitFor();
    expect(await examples.nth(1).locator('.badge').innerText()).toBe('File missing');
    expect(await examples.nth(1).getByRole('link').count()).toBe(0);
  });

  it('moves, pins, copies the link and asks for an address', async () => {
    const page = await open();
    for (const name of [
      'Previous neuron',
      'Next neuron',
      'Random neuron',
      'Go to neuron',
      'Pin',
      'Copy link',
    ]) {
      await page.getByRole('button', { name, exact: true }).click();
    }
    expect(await tested.panel.requests()).toEqual([
      { type: 'step', to: 'previous' },
      { type: 'step', to: 'next' },
      { type: 'step', to: 'random' },
      { type: 'goToNeuron' },
      { type: 'pin', neuron: 'L3.N652', pinned: true },
      { type: 'copyLink', neuron: 'L3.N652' },
    ]);
    await tested.panel.tell({ type: 'pinned', neurons: ['L3.N652'] });
    await page.getByRole('button', { name: 'Unpin' }).waitFor();
  });

  it('leads to an ablation: from its head, its foot, and an example with its text', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Ablate and steer' }).click();
    await page.getByRole('button', { name: 'test with an ablation' }).click();
    await page.getByRole('button', { name: 'Test this text with an ablation' }).first().click();
    const [example] = samplePage.examples.top;
    expect(await requestsOf('openAblation')).toEqual(
      [null, null, example!.context.text].map((text) => ({
        ...{ type: 'openAblation', neuron: 'L3.N652', text },
      })),
    );
    await lastRequest('openAblation');
  });

  it('exports pictures, the examples and the page', async () => {
    const page = await open();
    const files: Record<string, { encoding: string; content: string }> = {};
    for (const name of [
      'Histogram as PNG',
      'Histogram as SVG',
      'Examples as CSV',
      'Everything as JSON',
      'Page as Markdown',
    ]) {
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name, exact: true }).click();
      // What draws a PNG may still have to be loaded.
      await expect
        .poll(async () => (await requestsOf('saveFile')).length)
        .toBe(Object.keys(files).length + 1);
      const file = (await lastRequest('saveFile')) as {
        suggestedName: string;
        encoding: string;
        content: string;
      };
      files[file.suggestedName] = file;
    }
    expect(Object.keys(files)).toEqual([
      'L3.N652.png',
      'L3.N652.svg',
      'L3.N652.csv',
      'L3.N652.json',
      'L3.N652.md',
    ]);
    const png = Buffer.from(files['L3.N652.png']!.content, 'base64');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1600, 640]);
    expect(files['L3.N652.svg']!.content).toMatch(/^<svg [^]*threshold 0\.500 → 0\.47 % above[^]*<\/svg>\n$/);
    expect(JSON.parse(files['L3.N652.json']!.content)).toEqual(samplePage);
  });

  it('goes by keys where no field has the focus, and leaves letters alone when told so', async () => {
    const page = await open();
    await page.keyboard.press('Alt+ArrowRight');
    await page.keyboard.press('r');
    await page.keyboard.press('2');
    expect(await page.getByRole('tab', { selected: true }).innerText()).toMatch(/^Bottom/);
    await page.keyboard.press('ArrowRight');
    expect((await tested.panel.requests()).map((request) => request.to)).toEqual(['next', 'random']);
    await tested.panel.send(neuronMessage(samplePage, { singleKeyShortcuts: false }));
    await page.keyboard.press('g');
    expect((await tested.panel.requests()).some((request) => request.type === 'goToNeuron')).toBe(false);
  });

  it('reads tokens one by one with the arrow keys, and opens the source with O', async () => {
    const page = await open();
    await page.locator('.heat').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.token.cursor').count()).toBe(1);
    expect(await page.locator('.tooltip').isVisible()).toBe(true);
    expect(await page.locator('.tooltip').innerText()).toMatch(/token 8 of 35/);
    await page.keyboard.press('o');
    expect(await lastRequest('openPlace')).toMatchObject({ file: 'docs/guides/timeouts.md' });
    const folded = await page.locator('.example').first().locator('.token').count();
    await page.keyboard.press('Enter');
    expect(await page.locator('.example').first().locator('.token').count()).toBeGreaterThan(folded);
  });

  it('moves over the tabs with the arrow keys', async () => {
    const page = await open();
    await page.getByRole('tab', { name: /Top/ }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.band-head').first().innerText()).toMatch(
      /99\.9–100 %\s+2\.49 to 5\.21\s+1,240 tokens · 3\.60 % of Σ\|value\|/,
    );
  });

  it('says what is loading only when it takes a while, and what went wrong at once', async () => {
    await open();
    await tested.panel.page.clock.install();
    await tested.panel.page.clock.pauseAt(Date.now() + 60_000);
    await tested.panel.send({ ...neuronMessage(), answers: {} });
    await tested.panel.page.clock.runFor(140);
    expect(await tested.panel.page.getByRole('status').count()).toBe(0);
    await tested.panel.page.clock.runFor(20);
    expect(await tested.panel.page.getByRole('status', { name: 'Loading L3.N652' }).count()).toBe(1);
    await tested.panel.page.clock.resume();
    await tested.panel.fail('The profile is gone. Choose another one.');
    await tested.panel.page.getByRole('alert').waitFor();
    await tested.panel.page.getByRole('button', { name: 'Show log' }).click();
    expect(await lastRequest('showLog')).toEqual({ type: 'showLog' });
    await tested.panel.send(neuronMessage());
    await tested.panel.page.locator('neuron-page').waitFor();
    expect(await tested.panel.page.getByRole('alert').count()).toBe(0);
  });

  it('says how much of a partial profile was seen, and offers to go on', async () => {
    const partial = { ...samplePage, manifest: { ...samplePage.manifest, state: 'partial' as const } };
    const page = await open(neuronMessage(partial, { seenShare: 0.62, canResume: true }));
    expect(await page.locator('.page > .note').innerText()).toMatch(
      /Partial: 1,244,981 tokens \(62.0 %\)\. All numbers/,
    );
    await page.getByRole('button', { name: 'Resume' }).click();
    expect(await lastRequest('resumeProfile')).toEqual({ type: 'resumeProfile' });
  });

  it('switches examples and colours off for a dead neuron', async () => {
    const page = await open(neuronMessage({ ...samplePage, stats: { ...samplePage.stats, dead: true } }));
    expect(await page.locator('.example').count()).toBe(0);
    expect(await page.locator('canvas').isVisible()).toBe(true);
  });

  it('needs at most 150 ms of the processor from the data to the whole page', async () => {
    const page = await open(neuronMessage(realPage));
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busy = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
    };
    const costs: number[] = [];
    for (const id of ['L0.N1', 'L0.N2', 'L0.N3', 'L0.N4', 'L0.N5']) {
      const before = await busy();
      await tested.panel.send(neuronMessage({ ...realPage, neuron: { ...realPage.neuron, id } }));
      await page.getByRole('heading', { name: id }).waitFor();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
      costs.push((await busy()) - before);
    }
    costs.sort((a, b) => a - b);
    expect(costs[2]).toBeGreaterThan(0);
    expect(costs[2]).toBeLessThan(150);
  });

  it('shows a page of a real profile with the numbers that the command line printed', async () => {
    const page = await open(neuronMessage(realPage));
    const { stats, examples } = realPage;
    const statistics = await page.locator('.numbers').innerText();
    expect(statistics).toContain(`Mean\t${stats.mean!.toPrecision(3)}`);
    expect(statistics).toContain(`Maximum\t${stats.max!.toPrecision(3)}`);
    expect(statistics).toContain(`Tokens counted\t${stats.count.toLocaleString('en')}`);
    const values = await page.locator('.example .value').allInnerTexts();
    expect(values).toEqual(examples.top.slice(0, 12).map(({ value }) => value.toPrecision(3)));
    expect(await page.locator('.token.peak').allTextContents()).toEqual(
      examples.top.slice(0, 12).map(({ token }) => token),
    );
    await page.getByRole('button', { name: 'Show 8 more' }).click();
    expect(await page.locator('.example').count()).toBe(20);
  });
});

describe('for everyone', () => {
  it.each(LANGUAGES)('shows itself where the editor calls its language %j', async (language, date) => {
    const page = await open(neuronMessage(samplePage, { language }));
    expect(await page.locator('.header-second').innerText()).toMatch(date);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it.each(THEMES)('has no serious accessibility fault in %s', async (theme) => {
    const page = await open(neuronMessage(), { theme });
    await page.getByText('How was this decided?').click();
    await page.locator('summary', { hasText: 'Run manifest' }).click();
    await page.getByRole('button', { name: 'Show as table' }).click();
    await page.getByRole('button', { name: 'Export' }).click();
    expect(await seriousFaults(page)).toEqual([]);
  });
});
