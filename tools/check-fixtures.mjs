/**
 * Runs the finder and the engine over a folder of fixtures with PyTorch oracles and prints the tables of docs/models.md: sites and heads.
 * Usage: node tools/check-fixtures.mjs [FOLDER] [--write]
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const environment = { ...process.env, NEURON_LENS_FIXTURE_TABLE: path.resolve('docs/models.md') };
if (!process.argv.includes('--write')) environment.NEURON_LENS_FIXTURE_TABLE = '-';
if (folder !== undefined) environment.NEURON_LENS_FIXTURES = path.resolve(folder);
const tests = ['test/engine/onnx/heads.test.ts', 'test/engine/onnx/fixtures.test.ts'];
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--no-file-parallelism', ...tests],
  { stdio: 'inherit', env: environment },
);
process.exit(status ?? 1);
