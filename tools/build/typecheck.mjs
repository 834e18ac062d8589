/**
 * Checks each runtime's sources against its own types (tsconfig.json names them): no DOM in the hosts, no Node in core and
 * webview. What was checked before is kept beside the packages, so that a second check looks only at what changed.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
