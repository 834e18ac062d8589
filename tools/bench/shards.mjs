/**
 * What merging costs against profiling: `node tools/bench/shards.mjs MODEL TEXT… [--shards 8]`.
 * Profiles each shard of a corpus, merges them, and compares the time of the merge with that of all shards.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { root } from './sources.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { shards: { type: 'string', default: '8' } },
});
const [model, ...texts] = positionals;
if (!model || texts.length === 0) {
  console.error('Name a model and texts: node tools/bench/shards.mjs MODEL TEXT… [--shards 8]');
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-bench-'));
try {
  const shards = Array.from({ length: Number(options.shards) }, (_, i) => `${i + 1}/${options.shards}`);
  const folders = shards.map((shard) => join(folder, shard.replace('/', '-of-')));
  const profiling = timed(() => {
    shards.forEach((shard, i) => {
      lens('profile', ...texts, '--model', model, '--shard', shard, '--out', folders[i]);
    });
  });
  let merged;
  const merging = timed(() => (merged = lens('merge', ...folders, '--out', join(folder, 'all'))));
  console.log(
    `${merged.corpus.tokens} tokens, ${shards.length} shards: profiling ${profiling.toFixed(1)} s, ` +
      `merging ${merging.toFixed(2)} s, ${((100 * merging) / profiling).toFixed(2)} %; load ${loadavg()[0].toFixed(1)}`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Runs the command line. @returns its JSON */
function lens(...args) {
  const output = execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), ...args, '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output);
}

/** Seconds, with starting the program. */
function timed(work) {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
}
