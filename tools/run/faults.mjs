/**
 * `npm run test:faults`: every fault of test/faults, where `npm test` tries a few of each kind; under an hour. It prints
 * what was tried and what came of it (docs/reliability.md). `npm run test:faults -- --seed 7 [part of a file's name]`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installPackages } from './prepare.mjs';
import { runVitest } from './vitest.mjs';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
installPackages();
const { build } = await import('../build/build.mjs');
await build();

const started = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'neuron-lens-faults-'));
const counts = join(folder, 'counts.jsonl');
const parts = positionals.length === 0 ? ['test/faults/'] : positionals.map((name) => `test/faults/${name}`);
const { passed, failed } = runVitest(parts, {
  NEURON_LENS_FAULTS: 'full',
  NEURON_LENS_FAULT_SEED: values.seed,
  NEURON_LENS_FAULT_COUNTS: counts,
});
printCounts(counts);
rmSync(folder, { recursive: true });
console.log(`seed ${values.seed}, ${((Date.now() - started) / 60_000).toFixed(1)} min`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function printCounts(file) {
  let lines = [];
  try {
    lines = readFileSync(file, 'utf8').trim().split('\n');
  } catch {
    console.error('No test counted a fault.');
  }
  const kinds = lines.map((line) => JSON.parse(line)).sort((a, b) => (a.kind < b.kind ? -1 : 1));
  console.log('\n| faults | tried | survived | tokens lost |\n|---|---:|---:|---:|');
  for (const { kind, tried, survived, tokensLost } of kinds)
    console.log(`| ${kind} | ${tried} | ${survived} | ${tokensLost} |`);
}
