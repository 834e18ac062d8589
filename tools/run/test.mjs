/**
 * `npm test`: everything, from types to a real editor. `npm test -- test/unit` runs a part, without the type and
 * lint checks. The last line is `N passed, N failed`; a check that cannot run has failed.
 */
import { spawnSync } from 'node:child_process';
import { installPackages, root } from './prepare.mjs';
import { runVitest } from './vitest.mjs';

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
  const tests = runVitest(parts);
  passed += tests.passed;
  failed += tests.failed;
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
