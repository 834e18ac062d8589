/** Opens VS Code with this extension on a folder: the desktop one where there is a `code` command, else one in the browser. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { makeOnce } from '../run/makeOnce.mjs';
import { runOrExit } from '../run/prepare.mjs';
import { serveEditor } from './serve.mjs';

/**
 * Returns once the desktop editor was asked to open, or when the served one was stopped with Ctrl+C.
 * @param {{ extension: string, workspace: string, profile: string }} options the repository with its bundles, the
 *   folder to open, and the folder of the profile that the window opens on
 */
export async function openEditor({ extension, workspace, profile }) {
  process.env.NEURON_LENS_PROFILE = profile;
  const { status } = spawnSync(
    'code',
    ['--new-window', `--extensionDevelopmentPath=${extension}`, workspace],
    {
      shell: process.platform === 'win32',
      stdio: 'ignore',
    },
  );
  if (status === 0) {
    console.log('Opened in VS Code. Right-click a file and choose "Profile with Neuron Lens".');
    return;
  }
  console.log('No `code` command found: serving a VS Code for the browser.');
  const say = (sentence) => console.log(sentence);
  const vsix = await packaged(extension, say);
  say('Starting the editor …');
  const { url, stop } = await serveEditor({ vsix, workspace, data: join(extension, 'out', 'editor'), say });
  console.log(`\nVS Code with Neuron Lens: ${url}\nStop it with Ctrl+C.`);
  showInBrowser(url);
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await stop();
}

/** The packaged extension, made anew where what ships has changed. What the packager lists goes to a log. */
async function packaged(extension, say) {
  const vsix = join(extension, 'out', 'start', 'neuron-lens.vsix');
  const shipped = ['dist', 'media', 'package.json', 'package.nls.json', 'README.md'];
  const inputs = shipped.map((name) => join(extension, name));
  await makeOnce(vsix, inputs, async () => {
    say('Packaging the extension …');
    const log = openSync(join(extension, 'out', 'start', 'package.log'), 'w');
    const packager = [join('tools', 'build', 'package.mjs'), '--out', vsix];
    runOrExit(process.execPath, packager, { stdio: ['ignore', log, 'inherit'] });
    closeSync(log);
  });
  return vsix;
}

/** Opens the address in the reader's browser where the system has a way to; else the address above has to do. */
function showInBrowser(url) {
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const child = spawn('xdg-open', [url], { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
}
