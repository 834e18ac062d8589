import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

/** A Chromium to drive, with the flags that it needs. */
export interface Browser {
  readonly executablePath: string;
  readonly args: readonly string[];
}

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
 * Finds a Chromium in this order: CHROME_PATH, an installed Chrome, Chromium or Edge, the package @sparticuz/chromium.
 * @throws Error that says how to get one
 */
export async function findBrowser(): Promise<Browser> {
  const named = process.env.CHROME_PATH;
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return { executablePath: named, args: FLAGS };
    throw new Error(`CHROME_PATH names ${named}, which cannot be run. Correct or unset it.`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...PLACES];
  const installed = candidates.find(isExecutable);
  if (installed !== undefined) return { executablePath: installed, args: FLAGS };
  const packaged = await packagedChromium();
  if (packaged) return packaged;
  throw new Error(
    'No browser was found for the tests. Install Chrome, Chromium or Edge, or set CHROME_PATH, ' +
      'or run `npm install --no-save --ignore-scripts @sparticuz/chromium@143`.',
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

/** A Chromium from npm for Linux x64, which unpacks itself into the temporary folder. */
async function packagedChromium(): Promise<Browser | null> {
  try {
    const name = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    const { default: chromium } = (await import(name)) as {
      default: { args: string[]; executablePath(): Promise<string> };
    };
    return { executablePath: await chromium.executablePath(), args: [...chromium.args, ...FLAGS] };
  } catch {
    return null;
  }
}
