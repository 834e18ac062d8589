import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { packagedChromium } from './packagedChromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--force-color-profile=srgb',
];
const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * Starts a Chromium without a window: the one that CHROME_PATH names, else the one from npm where it runs (Linux x64),
 * else an installed Chrome, Chromium or Edge. The one from npm comes before what is installed, so that every machine
 * tests with what a fresh one has.
 * @throws Error that says how to get one
 */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env.CHROME_PATH;
  if (named) return chromium.launch({ executablePath: named, args: FLAGS });
  const packaged = await packagedChromium();
  if (packaged) {
    return chromium.launch({
      executablePath: packaged.executablePath,
      args: FLAGS,
      env: { ...process.env, ...packaged.env },
    });
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...PLACES];
  const executablePath = candidates.find(isExecutable);
  if (executablePath !== undefined) return chromium.launch({ executablePath, args: FLAGS });
  throw new Error(
    'No browser was found for the tests. Install Chrome, Chromium or Edge, or set CHROME_PATH.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
