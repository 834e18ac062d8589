/** Serves VS Code with this extension on a loopback address. Used by the end-to-end tests and by `npm start`. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'jsonc-parser';
import { editorHost } from './host.mjs';

/** Settings that keep a fresh VS Code from talking about itself. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'update.mode': 'none',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.untrustedFiles': 'open',
};

/**
 * @param {object} options
 * @param {string} options.vsix packaged extension to install
 * @param {string} options.workspace folder to open
 * @param {string} options.data folder for settings, extensions and logs; made when missing, and taken up again where it is there
 * @param {boolean} [options.trusted] false leaves workspace trust on, so that the folder opens in restricted mode
 * @param {Record<string, unknown>} [options.settings] user settings besides the quiet ones
 * @param {(sentence: string) => void} [options.say]
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function serveEditor({ vsix, workspace, data, trusted = true, settings = {}, say = () => {} }) {
  const { node, codeServer } = await editorHost(say);
  const user = join(data, 'user');
  const folders = ['--user-data-dir', user, '--extensions-dir', join(data, 'extensions')];
  const environment = cleanEnvironment(data);
  // Settings that go by the machine are read from the server's own, once VS Code knows that they do.
  for (const scope of ['User', 'Machine']) await writeSettings(join(user, scope), settings);
  await finished(
    spawn(node, [codeServer, '--install-extension', vsix, '--force', ...folders], { env: environment }),
  );

  const port = await portOf(data);
  const server = spawn(
    node,
    [
      codeServer,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--config', join(data, 'code-server.yaml')],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(trusted ? ['--disable-workspace-trust'] : []),
      ...folders,
      workspace,
    ],
    { env: environment, detached: true },
  );
  const output = collect(server);
  const gone = new Promise((resolve) => server.once('exit', resolve));
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) process.kill(-server.pid, 'SIGTERM');
    const left = await Promise.race([gone.then(() => false), pause(3000, true, { ref: false })]);
    if (left) process.kill(-server.pid, 'SIGKILL');
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(`${url}/healthz`, server);
  } catch (error) {
    await stop();
    throw new Error(`VS Code did not start: ${error.message}\n${output()}`, { cause: error });
  }
  return { url: `${url}/?folder=${encodeURIComponent(workspace)}`, stop };
}

/** The environment of a server that knows nothing of the editor, if any, that this was started from. */
function cleanEnvironment(data) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('VSCODE_') && name !== 'PASSWORD',
  );
  return {
    ...Object.fromEntries(kept),
    XDG_CONFIG_HOME: join(data, 'config'),
    XDG_DATA_HOME: join(data, 'share'),
  };
}

/** What the reader has set in this editor stays, but for what is asked for. */
async function writeSettings(folder, settings) {
  const file = join(folder, 'settings.json');
  const before = parse(await readFile(file, 'utf8').catch(() => '{}')) ?? {};
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify({ ...QUIET, ...before, ...settings }, null, 2));
}

/**
 * The port of the last time where it is free: VS Code keeps what it knows of a folder, such as its profiles, by the
 * address that it is served at.
 */
async function portOf(data) {
  const file = join(data, 'port');
  const last = Number(await readFile(file, 'utf8').catch(() => '0'));
  const port = await freePort(last).catch(() => freePort(0));
  await writeFile(file, String(port));
  return port;
}

/** @param wanted 0 for any */
function freePort(wanted) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function collect(child) {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return () => output;
}

function finished(child) {
  const output = collect(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`Installing the extension failed with code ${code}:\n${output()}`)),
    );
  });
}

/** Waits until the server answers, at most 60 s. */
async function answering(url, server) {
  for (const started = Date.now(); Date.now() - started < 60_000; await pause(100)) {
    if (server.exitCode !== null) throw new Error(`the server ended with code ${server.exitCode}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Error('the server gave no answer for 60 s');
}
