/**
 * What a test of concepts costs against the profile that it is made on, each a process of its own, in turns:
 * `node tools/bench/concepts.mjs MODEL TEXT… [--pairs 3] [--limit-tokens N] [--only NAME,…] [--json]`
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { root } from './sources.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '3' },
    'limit-tokens': { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const [model, ...texts] = positionals;
const pairs = Number(options.pairs);
if (!model || texts.length === 0 || !(pairs >= 1)) {
  console.error('Name a model and texts: node tools/bench/concepts.mjs MODEL TEXT… [--pairs 3]');
  process.exit(2);
}

/** Runs before the command line, and says what its process took when it ends. */
const USAGE = `data:text/javascript,
import { writeFileSync } from 'node:fs';
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(process.env.BENCH_USAGE, JSON.stringify({
    processorSeconds: (userCPUTime + systemCPUTime) / 1e6, peakRssMiB: maxRSS / 1024 }));
});`;

const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-bench-'));
try {
  const profile = join(folder, 'profile');
  const limit = options['limit-tokens'] ? ['--limit-tokens', options['limit-tokens']] : [];
  const only = options.only ? ['--only', options.only] : [];
  const turns = [];
  for (let turn = 0; turn < pairs; turn++) {
    const profiled = await lens(
      'profile',
      ...texts,
      '--model',
      model,
      '--out',
      profile,
      '--overwrite',
      ...limit,
    );
    const tested = await lens('concepts', profile, '--model', model, ...only);
    turns.push({ profile: profiled, concepts: tested });
    console.error(
      `${turn + 1} of ${pairs}: profile ${profiled.seconds.toFixed(1)} s, concepts ${tested.seconds.toFixed(1)} s`,
    );
  }
  const { tokens } = turns[0].profile.printed.corpus;
  const { concepts, named } = turns[0].concepts.printed;
  const tested = concepts.filter(({ refused }) => refused === null).length;
  const over = (figure) =>
    spread(turns.map(({ profile: plain, concepts: test }) => test[figure] / plain[figure]));
  const result = {
    model,
    tokens,
    neurons: named.of,
    concepts: tested,
    seconds: { profile: spreadOf('profile', 'seconds'), concepts: spreadOf('concepts', 'seconds') },
    processorSeconds: {
      profile: spreadOf('profile', 'processorSeconds'),
      concepts: spreadOf('concepts', 'processorSeconds'),
    },
    peakRssMiB: { profile: spreadOf('profile', 'peakRssMiB'), concepts: spreadOf('concepts', 'peakRssMiB') },
    ratio: over('seconds'),
    processorRatio: over('processorSeconds'),
    load: loadavg()[0],
  };
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else print(result);

  function spreadOf(side, figure) {
    return spread(turns.map((turn) => turn[side][figure]));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Runs the command line. @returns what it printed, its seconds, and what its process took */
async function lens(...args) {
  const usage = join(folder, 'usage.json');
  const started = performance.now();
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', USAGE, join(root, 'dist/cli.cjs'), ...args, '--json'],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, BENCH_USAGE: usage },
    },
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`neuron-lens ${args[0]} ended with ${status}.`);
  return { printed: JSON.parse(stdout), seconds, ...JSON.parse(await readFile(usage, 'utf8')) };
}

/** Median and range. */
function spread(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted.at(-1) };
}

function print({
  tokens,
  neurons,
  concepts,
  seconds,
  processorSeconds,
  peakRssMiB,
  ratio,
  processorRatio,
  load,
}) {
  const show = ({ median, min, max }, digits = 1) =>
    `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
  console.log(`${tokens} tokens, ${neurons} neurons, ${concepts} concepts; load ${load.toFixed(1)}`);
  for (const side of ['profile', 'concepts']) {
    console.log(
      `${side}: ${show(seconds[side])} s, ${show(processorSeconds[side])} s of processor time, ${show(peakRssMiB[side], 0)} MiB`,
    );
  }
  console.log(`concepts / profile: ${show(ratio, 2)} in time, ${show(processorRatio, 2)} in processor time`);
}
