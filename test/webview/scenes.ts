import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { NamedNeuronPage } from '../../src/core/concepts/neuronMeaning';
import type { RunningTest } from '../../src/protocol/pages/concept';
import { launchBrowser } from '../browser/launchBrowser';
import {
  failedSelfTest,
  neuronMessage,
  realEffect,
  sampleMeaning,
  samplePage,
  selectionMessage,
  type HostWords,
} from './messages';
import { conceptMessage, refusedConcept, sampleControls, unnamedConcept } from './conceptMessages';
import { overviewMessage, unsoundOverview } from './overviewMessages';
import { promptMessage } from './promptMessages';
import { recordedAblations, steerMessage } from './steerMessages';
import { reportHtml } from './sampleReport';
import { openPanel, type Theme } from './stubHost';

interface Scene {
  readonly name: string;
  readonly panel: string;
  readonly message: HostWords;
  readonly widths: readonly number[];
  /** The test of concepts that is under way meanwhile. */
  readonly running?: RunningTest;
  /** What the reader does before the picture. */
  readonly act?: (page: Page) => Promise<void>;
}

const THEMES: Record<string, Theme> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  hc: 'vscode-high-contrast',
};

const STAYED =
  'The value stayed between −0.0004 and 0.0003 on all 1,240,110 tokens. Nothing can be said about its meaning on this corpus.';

const dead = {
  ...samplePage,
  stats: { ...samplePage.stats, dead: true, min: -0.0004, max: 0.0003 },
  reading: {
    words: ['Dead'],
    sentence: STAYED,
    parts: [STAYED],
    rules: samplePage.reading.rules,
  },
  strongestTokens: [],
};

const untrusted = {
  ...samplePage,
  manifest: { ...samplePage.manifest, selfTest: failedSelfTest },
};

/** Stopped in its first file, with the embedded model, and told to keep no text. */
const bare = {
  ...samplePage,
  examples: {
    ...samplePage.examples,
    top: samplePage.examples.top.map((example) => ({
      ...example,
      token: '',
      context: { ...example.context, text: '' },
    })),
  },
  manifest: {
    ...samplePage.manifest,
    state: 'partial' as const,
    model: { ...samplePage.manifest.model, id: 'default' },
    corpus: { ...samplePage.manifest.corpus, files: 0 },
  },
};

const SCENES: readonly Scene[] = [
  { name: 'neuron', panel: 'neuron', message: neuronMessage(), widths: [1200, 420] },
  {
    name: 'neuron-bands',
    panel: 'neuron',
    message: neuronMessage(),
    widths: [1200],
    act: (page) => page.getByRole('tab', { name: /Quantile bands/ }).click(),
  },
  {
    name: 'neuron-partial-menu',
    panel: 'neuron',
    message: neuronMessage(
      { ...samplePage, manifest: { ...samplePage.manifest, state: 'partial' } },
      { seenShare: 0.62, canResume: true, missingFiles: ['src/net/retry.ts'], pinned: true },
    ),
    widths: [1200, 420],
    act: async (page) => {
      await page.getByText('How was this decided?').click();
      await page.locator('summary', { hasText: 'Run manifest' }).click();
      await page.getByRole('button', { name: 'Show as table' }).click();
      await page.keyboard.press('e');
    },
  },
  { name: 'neuron-self-test', panel: 'neuron', message: neuronMessage(untrusted), widths: [1200, 420] },
  { name: 'neuron-bare', panel: 'neuron', message: neuronMessage(bare), widths: [1200, 420] },
  {
    name: 'neuron-concepts',
    panel: 'neuron',
    message: neuronMessage({ ...samplePage, ...sampleMeaning }),
    widths: [1200, 420],
    act: (page) => page.getByText('How was this decided?').click(),
  },
  {
    name: 'neuron-no-name',
    panel: 'neuron',
    message: neuronMessage({ ...samplePage, ...sampleMeaning, name: null, concepts: [] }),
    widths: [1200],
  },
  {
    name: 'neuron-effect',
    panel: 'neuron',
    message: neuronMessage(undefined, { effect: realEffect }),
    widths: [1200, 420],
    act: (page) => page.getByText('By layers').click(),
  },
  {
    name: 'neuron-effect-weights',
    panel: 'neuron',
    message: neuronMessage(undefined, { effect: { ...realEffect, calibration: null } }),
    widths: [1200],
    act: (page) => page.getByRole('radio', { name: 'Weights only' }).click(),
  },
  { name: 'concept', panel: 'concept', message: conceptMessage(), widths: [1200, 420] },
  {
    name: 'concept-controls',
    panel: 'concept',
    message: conceptMessage(undefined, { controls: sampleControls }),
    widths: [1200, 420],
  },
  {
    name: 'concept-control-running',
    panel: 'concept',
    message: conceptMessage(undefined, { controls: sampleControls.slice(0, 1) }),
    widths: [1200, 420],
    running: { control: 'embedding', step: 'step 3 of 5: choosing neurons on half A 41 %' },
  },
  { name: 'concept-no-name', panel: 'concept', message: conceptMessage(unnamedConcept), widths: [1200, 420] },
  { name: 'concept-refused', panel: 'concept', message: conceptMessage(refusedConcept), widths: [1200, 420] },
  { name: 'neuron-dead', panel: 'neuron', message: neuronMessage(dead), widths: [1200] },
  {
    name: 'selection-meanings',
    panel: 'selection',
    message: selectionMessage(undefined, {
      'L3.N652': 'numbers with a unit',
      'L5.N90': 'no concept above 0.8',
    }),
    widths: [1200, 420],
  },
  { name: 'selection', panel: 'selection', message: selectionMessage(), widths: [1200, 420] },
  {
    name: 'prompt',
    panel: 'prompt',
    message: promptMessage(),
    widths: [1200, 420],
    act: async (page) => {
      await page.getByRole('radio', { name: 'A into B' }).click();
      await page.getByRole('button', { name: 'Check by ablation' }).click();
      await page.locator('.picture').nth(2).waitFor();
    },
  },
  {
    name: 'steer',
    panel: 'steer',
    message: steerMessage(),
    widths: [1200, 420],
    act: (page) => run(page, recordedAblations.next.text),
  },
  {
    name: 'steer-encoder',
    panel: 'steer',
    message: steerMessage(recordedAblations.hidden, { profile: null, layers: null }),
    widths: [1200, 420],
    act: async (page) => {
      await page.getByRole('textbox', { name: 'Prompt' }).fill(recordedAblations.hidden.text);
      await page.getByRole('combobox', { name: 'At' }).click();
      await page.getByRole('option', { name: 'Tokens chosen in the prompt' }).click();
      await page.locator('.toggle').nth(2).click();
      await page.getByRole('button', { name: 'Run' }).click();
    },
  },
  { name: 'overview', panel: 'overview', message: overviewMessage(), widths: [1200, 420] },
  {
    name: 'overview-unsound',
    panel: 'overview',
    message: overviewMessage(unsoundOverview),
    widths: [1200, 420],
  },
  { name: 'steer-first', panel: 'steer', message: steerMessage(null), widths: [1200, 420] },
];

async function run(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt' }).fill(text);
  await page.keyboard.press('Control+Enter');
  await page.locator('.facts').waitFor();
}

/** Takes each scene in each theme and width. */
export async function takePictures(folder: string, only?: string): Promise<void> {
  const browser = await launchBrowser();
  for (const scene of SCENES.filter(({ name }) => only === undefined || name.startsWith(only))) {
    for (const [label, theme] of Object.entries(THEMES)) {
      for (const width of scene.widths) {
        const panel = await openPanel(browser, scene.panel, { theme, width });
        await panel.send(scene.message);
        await panel.page.waitForTimeout(250);
        if (scene.running) await panel.tell({ running: scene.running }, 'watchTests');
        await scene.act?.(panel.page);
        const path = join(folder, `${scene.name}-${width}-${label}.png`);
        await panel.page.screenshot({ path, fullPage: true });
        if (panel.faults.length > 0) console.error(scene.name, label, panel.faults);
        await panel.close();
      }
    }
  }
  if (only === undefined || only === 'report') await takeReport(browser, folder);
  await browser.close();
}

/** Takes the page of a neuron of a profile of the sample, dark and wide. */
export async function takeNeuronPage(neuronPage: NamedNeuronPage, path: string): Promise<void> {
  const browser = await launchBrowser();
  const panel = await openPanel(browser, 'neuron');
  await panel.send(neuronMessage(neuronPage, { profile: { id: 'sample', name: 'sample' } }));
  await panel.page.waitForTimeout(250);
  await panel.page.screenshot({ path, fullPage: true });
  await browser.close();
  if (panel.faults.length > 0) throw new Error(panel.faults.join('\n'));
}

async function takeReport(browser: Browser, folder: string): Promise<void> {
  const pages = ['L3.N652', 'L0.N7', 'L5.N90'].map((id) => ({
    ...samplePage,
    neuron: { ...samplePage.neuron, id },
  }));
  const file = join(folder, 'report.html');
  await writeFile(file, await reportHtml({ profile: 'Workspace docs', pages }));
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1200, 420]) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
      await page.goto(pathToFileURL(file).href);
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(folder, `report-${width}-${colorScheme}.png`) });
      if (colorScheme === 'dark' && width === 1200) await page.pdf({ path: join(folder, 'report.pdf') });
      await page.close();
    }
  }
}
