/**
 * `npm test`: everything, from types to a real editor. `npm test -- test/unit` runs a part, without the type and
 * lint checks. The last line is `N passed, N failed`; a check that cannot run has failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages, root } from './prepare.mjs';

const parts = process.argv.slice(2);
let passed = 0;
let failed = 0;

installPackages();
if (check('build', ['tools/build/build.mjs'])) {
  if (parts.length === 0) {
    check('types', ['tools/build/typecheck.mjs']);
    check('lint', ['node_modules/eslint/bin/eslint.js', '.']);
    check('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.']);
  }
  runTests();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** Runs one Node program as one check. */
function check(name, args) {
  const started = Date.now();
  const ok = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0;
  console.log(`${ok ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (ok) passed += 1;
  else failed += 1;
  return ok;
}

/** Runs vitest and counts its tests; a file that could not be loaded, or a run that found nothing, counts as failed. */
function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'neuron-lens-test-'));
  const results = join(folder, 'results.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...parts],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  const before = failed;
  try {
    const { numPassedTests, numTotalTests, testResults } = JSON.parse(readFileSync(results, 'utf8'));
    const filesThatDidNotLoad = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    passed += numPassedTests;
    failed += numTotalTests - numPassedTests + filesThatDidNotLoad.length;
  } catch (error) {
    console.error(`The test run left no readable results: ${error.message}`);
    failed += 1;
  }
  if (status !== 0 && failed === before) failed += 1;
  rmSync(folder, { recursive: true, force: true });
}
