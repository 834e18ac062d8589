import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shuffle } from '../../src/core/common/random';
import { launchBrowser } from '../browser/launchBrowser';
import { lensJson, runLens, temporaryFolder, type CommandResult } from '../cli/runLens';
import { countFaults, howMany, randomFaults } from './faultCount';
import { hiddenIn, HOSTILE_TEXTS } from './hostileTexts';

/** Those that a file system takes as a name. */
const NAMES = HOSTILE_TEXTS.filter(
  (text) => !/[\0/\ud800-\udfff]/.test(text) && Buffer.byteLength(text) < 240,
).map((text) => `${text}.txt`);
/** Line ends and what tables and progress bars are made of; a pipe gets no colours. */
const LAYOUT = '\n';

let folder: string;
let browser: Browser;

beforeAll(async () => {
  [browser, folder] = await Promise.all([launchBrowser(), temporaryFolder()]);
  await mkdir(join(folder, 'corpus'));
  for (const [number, name] of NAMES.entries()) {
    const text = [...HOSTILE_TEXTS, ...HOSTILE_TEXTS].slice(number, number + 8).join(' ');
    await writeFile(join(folder, 'corpus', name), text);
  }
  const { status, stderr } = await lens('profile', 'corpus', '--model', 'default', '--out', 'profile');
  expect(status, stderr).toBe(0);
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

const lens = (...args: string[]): Promise<CommandResult> => runLens(args, { cwd: folder });

describe('hostile names and texts', () => {
  const count = countFaults('hostile names and texts in outputs');

  it('steer no terminal, whichever command prints them', async () => {
    const tried = shuffle([...NAMES], randomFaults('names')).slice(0, howMany(NAMES.length, 3));
    const commands = [
      ['neurons', 'profile', '--limit', '40', '--examples'],
      ['neuron', 'profile', 'L0.N1'],
      ['neuron', 'profile', 'L3.N5'],
      ['selection', 'profile', '--text', NAMES.slice(0, 12).join(' ')],
      ...tried.map((name) => ['selection', 'profile', '--file', join('corpus', name), '--range', '0:40']),
      ...tried.map((name) => ['neurons', name]),
      ...tried.map((name) => ['profile', join('missing', name), '--out', `${name} out`]),
    ];
    for (const command of commands) {
      count.tried++;
      const { stdout, stderr } = await lens(...command);
      expect(hiddenIn(stdout + stderr, LAYOUT), command.join(' ')).toEqual([]);
      count.survived++;
    }
  });

  it('reach other programs as they are', async () => {
    count.tried++;
    const { examples } = await lensJson<{ examples: { top: { file: string }[] } }>(
      ['neuron', 'profile', 'L0.N1'],
      { cwd: folder },
    );
    expect(examples.top.length).toBeGreaterThan(5);
    for (const { file } of examples.top) expect(NAMES).toContain(file.replace(/^corpus\//, ''));
    count.survived++;
  });

  it('are text in a report, which runs nothing and asks for nothing', async () => {
    count.tried++;
    const file = join(folder, 'report.html');
    expect((await lens('report', 'profile', '--limit', '40', '--out', file)).status).toBe(0);
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (sent) => {
      if (sent.url() !== pathToFileURL(file).href && !/^(data|blob):/.test(sent.url()))
        faults.push(sent.url());
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        console.error(`Policy violated: ${violatedDirective} ${blockedURI}`);
      });
    });
    await page.goto(pathToFileURL(file).href);
    await page.locator('report-page').waitFor();
    for (const neuron of await page.locator('report-neuron').all()) {
      await neuron.scrollIntoViewIfNeeded();
      await neuron.locator('.example').first().waitFor();
    }
    expect(await page.locator('img, iframe, object, embed, form').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    const links = await page
      .locator('a[href]')
      .evaluateAll((found) => found.map((link) => link.getAttribute('href')!));
    expect(links.filter((link) => !/^#(L\d+\.N\d+)?$/.test(link))).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
    count.survived++;
  });
});
