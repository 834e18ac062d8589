/**
 * How costs grow with tokens, neurons and window length: `node tools/bench/growth.mjs OUT.json --series NAME TEXT…`.
 * Runs `neuron-lens bench` at each point of a series (tokens, neurons or windows) and keeps what it measured in
 * OUT.json, beside the other series that are there. Models of random weights are made as they are needed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './sources.mjs';

const K = 1000;
/** What is varied, and what is run at each point; `x` is what the picture draws to the right. */
const SERIES = {
  /** The embedded model on ever more text. */
  tokens: [1, 3, 10, 30, 100, 300, 1000].map((thousands) => ({
    x: thousands * K,
    model: null,
    flags: ['--limit-tokens', String(thousands * K), '--pairs', '1'],
  })),
  /** Models of equal width and ever more neurons. */
  neurons: [
    [2, 1536],
    [8, 1536],
    [30, 1536],
    [48, 3072],
    [64, 7808],
  ].map(([layers, neurons]) => ({
    x: layers * neurons,
    model: { layers, neurons, width: 128, vocabulary: 4096 },
    flags: ['--limit-tokens', '2000', '--pairs', '1'],
  })),
  /** One model, windows of ever more tokens. */
  windows: [32, 64, 128, 256, 512, 1024].map((window) => ({
    x: window,
    model: { layers: 6, neurons: 1536, width: 384, vocabulary: 4096 },
    flags: ['--limit-tokens', '4000', '--pairs', '1', '--window', String(window)],
  })),
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { series: { type: 'string' } },
});
const [out, ...texts] = positionals;
const points = SERIES[options.series ?? ''];
if (!out || !points || texts.length === 0) {
  console.error(
    `Name a file, a series and texts: node tools/bench/growth.mjs OUT.json --series ${Object.keys(SERIES).join('|')} TEXT…`,
  );
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-growth-'));
try {
  const kept = existsSync(out) ? JSON.parse(readFileSync(out, 'utf8')) : {};
  const measured = [];
  for (const point of points) {
    measured.push(measure(point));
    writeFileSync(out, `${JSON.stringify({ ...kept, [options.series]: measured }, null, 2)}\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** One point: what the bench says, less what is the same everywhere. */
function measure({ x, model, flags }) {
  const load = loadavg()[0];
  const bench = [
    'bench',
    model ? made(model) : 'default',
    ...texts,
    '--no-plain',
    '--bare-batch',
    '512',
    '--json',
    ...flags,
  ];
  const { tokens, bare, profile, ratio, peakRssMiB, machine } = JSON.parse(
    execFileSync(process.execPath, [join(root, 'dist/cli.cjs'), ...bench], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    }),
  );
  console.log(`${x}: ${ratio.median.toFixed(3)} × bare, load ${load.toFixed(1)}`);
  return { x, tokens, bare, profile, ratio, peakRssMiB, load: [load, machine.load] };
}

/** @returns the folder of a model of this size */
function made(size) {
  const at = join(folder, Object.values(size).join('-'));
  if (existsSync(at)) return at;
  const flags = Object.entries(size).flatMap(([name, value]) => [`--${name}`, String(value)]);
  execFileSync(process.execPath, [join(root, 'tools/bench/scale-model.mjs'), at, ...flags]);
  return at;
}
