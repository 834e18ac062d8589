/**
 * Checks each runtime's sources against its own types: no DOM in the hosts, no Node in core and webview. What was checked
 * before is kept beside the packages, so that a second check looks only at what changed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const projects = ['src/core', 'src', 'webview', 'test'].filter((project) =>
  existsSync(`${project}/tsconfig.json`),
);
let failed = false;
for (const project of projects) {
  const kept = `node_modules/.cache/types/${project.replaceAll('/', '-')}.tsbuildinfo`;
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', project, '--incremental', '--tsBuildInfoFile', kept],
    { stdio: 'inherit' },
  );
  if (status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);
