/** Runs vitest and counts its tests. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './prepare.mjs';

/**
 * @param {string[]} parts folders or files under test/; all of it where empty
 * @param {Record<string, string>} [environment] beside that of this process
 * @returns {{ passed: number, failed: number }} a file that could not be loaded, or a run that found nothing, counts as failed
 */
export function runVitest(parts, environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'neuron-lens-test-'));
  const results = join(folder, 'results.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...parts],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } },
  );
  const counts = countsIn(results);
  rmSync(folder, { recursive: true, force: true });
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

function countsIn(results) {
  try {
    const { numPassedTests, numTotalTests, testResults } = JSON.parse(readFileSync(results, 'utf8'));
    const filesThatDidNotLoad = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    const failed = numTotalTests - numPassedTests + filesThatDidNotLoad.length;
    return { passed: numPassedTests, failed };
  } catch (error) {
    console.error(`The test run left no readable results: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}
