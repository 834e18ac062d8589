/** Opens VS Code with this extension on a folder: the desktop one where there is a `code` command, else one in the browser. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageExtension } from '../build/package.mjs';
import { serveEditor } from './serve.mjs';

/**
 * Returns once the desktop editor was asked to open, or when the served one was stopped with Ctrl+C.
 * @param {{ extension: string, workspace: string }} options the repository with its bundles, and the folder to open
 */
export async function openEditor({ extension, workspace }) {
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
  const vsix = await packageExtension();
  const data = join(extension, 'out', 'editor');
  const { url, stop } = await serveEditor({
    vsix,
    workspace,
    data,
    say: (sentence) => console.log(sentence),
  });
  console.log(`\nVS Code with Neuron Lens: ${url}\nStop it with Ctrl+C.`);
  await new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await stop();
}
