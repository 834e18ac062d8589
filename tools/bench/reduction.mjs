/**
 * What the reduction costs, in nanoseconds of processor time an activation: SIMD and plain TypeScript in turns, on
 * made-up activations like those behind a GELU. `reduce` reads activations and keeps block extremes and samples,
 * `all` the whole accumulator.
 * `node tools/bench/reduction.mjs [--neurons 1536] [--window 250] [--batch 2] [--tokens 50000] [--pairs 3]`
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    neurons: { type: 'string', default: '1536' },
    window: { type: 'string', default: '250' },
    batch: { type: 'string', default: '2' },
    tokens: { type: 'string', default: '50000' },
    pairs: { type: 'string', default: '3' },
  },
});
const neurons = Number(options.neurons);
const window = Number(options.window);
const windowsPerBatch = Number(options.batch);
const rows = window * windowsPerBatch;
const batches = Math.ceil(Number(options.tokens) / rows);

/** The sources that are measured, bundled as the product bundles them. */
async function loadSources() {
  const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-bench-'));
  const entry = join(folder, 'entry.ts');
  const from = (path) => JSON.stringify(join(root, path));
  await writeFile(
    entry,
    `export { createSiteAccumulator } from ${from('src/core/stats/siteAccumulator')};
     export { PlainReduction } from ${from('test/unit/stats/plainReduction')};
     export { tokenHash } from ${from('src/core/stats/tokenHash')};
     export { ReductionPool } from ${from('src/runtime/reduction/reductionPool')};`,
  );
  const outfile = join(folder, 'bench.mjs');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', minify: true });
  const sources = await import(pathToFileURL(outfile).href);
  await rm(folder, { recursive: true });
  return sources;
}

function gaussian() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function activations() {
  return Float32Array.from({ length: rows * neurons }, () => {
    const pre = 1.2 * gaussian() - 1;
    return pre / (1 + Math.exp(-1.702 * pre));
  });
}

/** Microseconds of processor time that a function takes. */
function cost(work) {
  const before = process.cpuUsage().user;
  work();
  return process.cpuUsage().user - before;
}

/** @returns nanoseconds an activation, in the loop and in all */
function measure(reduction, tensors, { createSiteAccumulator, tokenHash }) {
  const accumulator = createSiteAccumulator(reduction);
  const start = reduction.start.bind(reduction);
  let inside = 0;
  reduction.start = (stretches) => {
    inside += cost(() => start(stretches));
  };
  let all = 0;
  for (let batch = 0; batch < batches; batch++) {
    const values = tensors[batch % tensors.length];
    const stretches = Array.from({ length: windowsPerBatch }, (_, place) => {
      const document = batch * windowsPerBatch + place;
      const rowOf = Int32Array.from({ length: window }, (_, i) => place * window + i);
      const hashes = Uint32Array.from({ length: window }, (_, i) => tokenHash(1, `document ${document}`)(i));
      return { document, firstToken: 0, windows: [window], endsDocument: true, values, rowOf, hashes };
    });
    all += cost(() => {
      accumulator.start(stretches);
      accumulator.finish();
    });
  }
  const counted = (batches * rows * neurons) / 1000;
  return { reduce: inside / counted, all: all / counted };
}

const sources = await loadSources();
const made = Array.from({ length: 6 }, activations);
const pool = new sources.ReductionPool();
pool.reserve(
  made.map(() => neurons),
  rows,
  1,
);
const inPlace = made.map((values, slot) => {
  const buffer = pool.take(slot, values.length);
  buffer.set(values);
  return buffer;
});
console.log(
  `${neurons} neurons, ${windowsPerBatch} windows of ${window} a batch, ${batches * rows} tokens: ns an activation`,
);
for (let pair = 0; pair < Number(options.pairs); pair++) {
  const simd = measure(pool.createReduction(neurons), inPlace, sources);
  const plain = measure(new sources.PlainReduction(neurons), made, sources);
  for (const [name, { reduce, all }] of Object.entries({ simd, plain })) {
    console.log(
      `${name.padEnd(6)} reduce ${reduce.toFixed(2).padStart(6)}   all ${all.toFixed(2).padStart(6)}`,
    );
  }
}
