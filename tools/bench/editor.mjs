/**
 * How long a reader waits in a real VS Code: `node tools/bench/editor.mjs PROFILE [--rounds 7]` (Linux x64).
 * The window is loaded anew each round; measured are what VS Code itself says of the extension's activation, and the
 * time from Enter in "Go to Neuron" to the frame in which the neuron's page is painted: in a new panel, with the
 * profile's files out of the system's cache, then of other neurons in that panel.
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
const { EditorWindow } = await loadSources('editor', { 'test/e2e/editorWindow': ['EditorWindow'] });
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
    activations.push(await activation());
    await forgetCache(profiles);
    opened.push(await goTo(`L${round % 4}.N${round * 17}`));
    followed.push(await goTo(`L${(round + 1) % 4}.N${round * 17 + 5}`));
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

/** Milliseconds, as VS Code measures and shows them. */
async function activation() {
  await command('Developer: Show Running Extensions');
  const row = editor.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Neuron Lens' });
  const text = await row.locator('.activation-time').innerText();
  await editor.page.keyboard.press('Escape');
  await row.waitFor({ state: 'detached' });
  const [, milliseconds] = /(\d+)ms/.exec(text) ?? [];
  if (milliseconds === undefined) throw new Error(`VS Code says of the activation: ${text}`);
  return Number(milliseconds);
}

/** Milliseconds from Enter to the first frame that is drawn with the neuron's heading in it. */
async function goTo(neuron) {
  await command('Neuron Lens: Go to Neuron');
  await editor.page.locator('.quick-input-widget input').first().fill(neuron);
  const pressed = editor.page.evaluate(timeOfKey);
  await editor.page.keyboard.press('Enter');
  const heading = editor.webview().getByRole('heading', { level: 1, name: neuron });
  await heading.waitFor();
  return (await heading.evaluate(timeOfFrame)) - (await pressed);
}

/** Runs in the globalThis. */
function timeOfKey() {
  return new Promise((settle) => {
    const settleNow = () => settle(globalThis.performance.timeOrigin + globalThis.performance.now());
    globalThis.addEventListener('keydown', settleNow, { once: true, capture: true });
  });
}

/** Runs in the page. */
function timeOfFrame() {
  return new Promise((settle) => {
    globalThis.requestAnimationFrame(() =>
      settle(globalThis.performance.timeOrigin + globalThis.performance.now()),
    );
  });
}

/** Picks a command in the palette. A window that is still loading may pass over a key. */
async function command(name) {
  const input = editor.page.locator('.quick-input-widget input').first();
  const shows = () =>
    input.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
  do await editor.page.keyboard.press('F1');
  while (!(await shows()));
  await input.fill(`>${name}`);
  await editor.page.locator('.quick-input-widget .monaco-list-row', { hasText: name }).first().waitFor();
  await editor.page.keyboard.press('Enter');
}
