/**
 * `npm start`: profiles the sample corpus with the embedded model, tests concepts on it, shows what came out, then
 * opens the editor on that profile. What was made from the same files before is not made again.
 * Stops after the report without a terminal, with CI, or with --headless.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installPackages, root, runOrExit } from './prepare.mjs';
import { makeOnce } from './makeOnce.mjs';

const headless = process.argv.includes('--headless') || process.env.CI !== undefined || !process.stdout.isTTY;
const output = join(root, 'out', 'start');
const profile = join(output, 'sample');
const report = join(output, 'report.html');

installPackages();
const { build } = await import('../build/build.mjs');
await build();

const cli = ['cli', 'language', 'jschardet'].map((name) => join(root, 'dist', `${name}.cjs`));
const madeFrom = [...cli, join(root, 'media', 'embedded-model'), join(root, 'sample')];
const isNew = await makeOnce(profile, madeFrom, () => {
  lens('profile', 'sample', '--model', 'default', '--out', profile, '--overwrite');
  testConcepts();
});
if (!isNew) console.log('The sample was profiled before: nothing that it is made from has changed.\n');
lens('neurons', profile, '--sort', 'name', '--limit', '20', '--examples', '--explain');
lens('report', profile, '--out', report);
console.log(`\nReport: ${report}`);

if (!headless) {
  const { openEditor } = await import('../editor/openEditor.mjs');
  await openEditor({ extension: root, workspace: join(root, 'sample'), profile });
}

function lens(...args) {
  runOrExit(process.execPath, [join('dist', 'cli.cjs'), ...args]);
}

/** Names neurons after concepts. Of its long table only the first line is shown: the names stand in the next one. */
function testConcepts() {
  console.log('\nTesting concepts on all neurons …');
  const { status, stdout } = spawnSync(process.execPath, [join('dist', 'cli.cjs'), 'concepts', profile], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  console.log(`${stdout.split('\n', 1)[0]}\n`);
}
