/**
 * Makes the README's picture: `node tools/pictures/neuron-page.mjs L3.N413 docs/pictures/neuron-page.png`.
 * Profiles the sample with the embedded model, and takes the neuron's page as the editor shows it in its dark theme.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from '../build/build.mjs';
import { importBundled, root } from './importBundled.mjs';

const [neuron, picture] = process.argv.slice(2);
if (!neuron || !picture) {
  console.error('Name the neuron and the picture: node tools/pictures/neuron-page.mjs L3.N413 OUT.png');
  process.exit(2);
}
await build();
const folder = await mkdtemp(join(tmpdir(), 'neuron-picture-'));
try {
  const profile = join(folder, 'sample');
  lens('profile', 'sample', '--model', 'default', '--out', profile);
  const { takeNeuronPage } = await importBundled('test/webview/scenes.ts');
  await takeNeuronPage(JSON.parse(lens('neuron', profile, neuron, '--json')), resolve(picture));
} finally {
  await rm(folder, { recursive: true });
}

function lens(...args) {
  return execFileSync(process.execPath, [join('dist', 'cli.cjs'), ...args], { cwd: root, encoding: 'utf8' });
}
