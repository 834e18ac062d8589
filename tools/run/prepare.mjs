/** What both of the README's commands need first: the packages of the lockfile and fresh bundles. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a program in the repository; ends this process with its exit status if it fails. */
export function runOrExit(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) console.error(`Could not run ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** npm on Windows is a .cmd file, which needs a shell. */
export function runNpm(args) {
  runOrExit('npm', args, { shell: process.platform === 'win32' });
}

/** Installs what the lockfile names, unless the last install was of this very lockfile. */
export function installPackages() {
  const installed = `${root}/node_modules/.package-lock.json`;
  if (existsSync(installed) && sameVersions(installed, `${root}/package-lock.json`)) return;
  console.log('Installing packages (about 650 MB, once) …');
  runNpm(['ci', '--no-fund', '--no-audit', '--loglevel=error']);
}

function sameVersions(installedFile, lockFile) {
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}
