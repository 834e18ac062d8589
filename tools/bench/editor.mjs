/**
 * How long a reader waits in a real VS Code: `node tools/bench/editor.mjs PROFILE [--rounds 7]` (Linux x64).
 * The window is loaded anew each round; measured are what VS Code itself says of the extension's activation, and the
 * time from Enter in "Go to Neuron" to the painted page of the neuron: in a new panel, with the profile's files out of
 * the system's cache, then of another neuron in that panel.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { forgetCache } from './forgetCache.mjs';
import { loadSources, root } from './sources.mjs';
import { spread, spreadTable } from './spread.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '7' }, json: { type: 'boolean', default: false } },
});
if (!positionals[0]) {
  console.error('Name a profile: node tools/bench/editor.mjs PROFILE');
  process.exit(2);
}
const { EditorWindow, happens } = await loadSources('editor', {
  'test/e2e/editorWindow': ['EditorWindow', 'happens'],
});
const rounds = Number(options.rounds);
const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-bench-'));
const profiles = join(folder, 'profiles');
await cp(resolve(positionals[0]), join(profiles, 'measured'), { recursive: true });
await cp(join(root, 'sample'), join(folder, 'workspace'), { recursive: true });
const editor = await EditorWindow.open(join(folder, 'workspace'), { 'neuronLens.profiles.folder': profiles });
try {
  const activations = [];
  const opened = [];
  const followed = [];
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await editor.reload();
    await showProfiles();
    activations.push(await activation());
    await forgetCache(profiles);
    opened.push(await goTo(`L${round % 4}.N${round * 17}`, false));
    followed.push(await goTo(`L${(round + 1) % 4}.N${round * 17 + 5}`, true));
    // What is open would be restored in the next round.
    await editor.runCommand('View: Close All Editors');
    await editor.showContainer('Explorer');
  }
  const measured = {
    activation: spread(activations),
    'page in a new panel, painted': spread(opened),
    'another page in that panel, painted': spread(followed),
  };
  if (options.json) console.log(JSON.stringify({ rounds, measured }, null, 2));
  else {
    console.log(`ms, median of ${rounds} (fastest to slowest)`);
    console.log(spreadTable(measured, 0));
  }
} finally {
  await editor.close();
  await rm(folder, { recursive: true, force: true });
}

/** Shows the sidebar with the profile. A window that is still loading may pass over a click. */
async function showProfiles() {
  const profile = editor.page.getByRole('treeitem', { name: /^measured/ });
  do await editor.showContainer('Neuron Lens');
  while (!(await happens(profile.waitFor({ timeout: 3000 }))));
}

/** Milliseconds, as VS Code measures and shows them. */
async function activation() {
  await editor.runCommand('Developer: Show Running Extensions');
  const row = editor.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Neuron Lens' });
  const text = await row.locator('.activation-time').innerText();
  await editor.page.keyboard.press('Escape');
  await row.waitFor({ state: 'detached' });
  const [, milliseconds] = /(\d+)ms/.exec(text) ?? [];
  if (milliseconds === undefined) throw new Error(`VS Code says of the activation: ${text}`);
  return Number(milliseconds);
}

/**
 * Milliseconds from Enter to the page: in a new panel to the paint of its largest part, as Chromium says; in one that
 * is there already, to the frame behind the first that has the neuron's heading.
 */
async function goTo(neuron, isOpen) {
  await editor.runCommand('Neuron Lens: Go to Neuron');
  // The palette is the same widget, and may still be there.
  await editor.quickInput().getByText('A neuron of measured').waitFor();
  await editor.quickInput().locator('input').first().fill(neuron);
  const panel = editor.webview();
  if (isOpen) await panel.locator('body').evaluate(listenForHeading, neuron);
  await editor.page.evaluate(listenForKey);
  await editor.page.keyboard.press('Enter');
  await panel.getByRole('heading', { level: 1, name: neuron }).waitFor();
  const painted = await panel
    .locator('body')
    .evaluate(isOpen ? () => globalThis.headingPainted : timeOfLargestPaint);
  return painted - (await editor.page.evaluate(() => globalThis.keyPressed));
}

/** Runs in the page: leaves there a promise of the time of the next key. */
function listenForKey() {
  globalThis.keyPressed = new Promise((settle) => {
    const settleNow = () => settle(globalThis.performance.timeOrigin + globalThis.performance.now());
    globalThis.addEventListener('keydown', settleNow, { once: true, capture: true });
  });
}

/** Runs in the panel: looks at every frame, within shadow roots as well. */
function listenForHeading(body, neuron) {
  const headings = (root) => [
    ...root.querySelectorAll('h1'),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? headings(shadowRoot) : [])),
  ];
  globalThis.headingPainted = new Promise((settle) => {
    const settleNow = () => settle(globalThis.performance.timeOrigin + globalThis.performance.now());
    const look = () => {
      const isThere = headings(body).some(({ textContent }) => textContent.includes(neuron));
      globalThis.requestAnimationFrame(isThere ? settleNow : look);
    };
    look();
  });
}

/** Runs in the panel. */
function timeOfLargestPaint() {
  return new Promise((settle) => {
    new globalThis.PerformanceObserver((list) =>
      settle(globalThis.performance.timeOrigin + list.getEntries().at(-1).startTime),
    ).observe({ type: 'largest-contentful-paint', buffered: true });
  });
}
