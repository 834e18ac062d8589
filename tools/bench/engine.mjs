/**
 * How long the editor waits for the engine: `node tools/bench/engine.mjs [--model default] [--profile FOLDER] [FILE]`.
 * Forks the engine as the editor does, again and again, until it has described the model; then asks what fires at
 * tokens of a file, first in windows that were not run yet, then in the same ones. Without a profile the file is
 * profiled first. The forward pass of one window stands beside, run in this process.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { loadSources, root } from './sources.mjs';
import { spread, spreadTable } from './spread.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'default' },
    profile: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
  },
});
const file = resolve(positionals[0] ?? join(root, 'sample/prose/franklin-chapter-10.txt'));
const model = options.model === 'default' ? 'default' : resolve(options.model);
const rounds = Number(options.rounds);
const embeddedModel = join(root, 'media/embedded-model');
const { EngineClient, openModel } = await loadSources('engine', {
  'src/vscode/engineClient/engineClient': ['EngineClient'],
  'src/runtime/profiling/openModel': ['openModel'],
});
const text = await readFile(file, 'utf8');
const folder = await mkdtemp(join(tmpdir(), 'neuron-lens-bench-'));
const engine = startEngine();
try {
  const measured = {
    'engine ready, the model opened and described': await repeat(ready),
    ...(await hovers(options.profile ? resolve(options.profile) : await profileOf(file))),
    'forward pass of one window': await repeat(await forwardPass()),
  };
  if (options.json) console.log(JSON.stringify({ model, rounds, measured }, null, 2));
  else {
    console.log(`${options.model}; ms, median of ${rounds} (fastest to slowest)`);
    console.log(spreadTable(measured, 1));
  }
} finally {
  await engine.dispose();
  await rm(folder, { recursive: true, force: true });
}

function startEngine() {
  return new EngineClient({
    script: join(root, 'dist/engine.cjs'),
    embeddedModel,
    nodePath: () => process.execPath,
    log: { info: () => {}, warn: (message) => console.error(message) },
  });
}

/** Starts an engine of its own and has it describe the model. */
async function ready() {
  const fresh = startEngine();
  const milliseconds = await timed(() => fresh.calls.describeModel({ model }));
  await fresh.dispose();
  return milliseconds;
}

async function profileOf(input) {
  const out = join(folder, 'profile');
  const request = {
    inputs: [input],
    root: dirname(input),
    model,
    out,
    exclude: [],
    resume: false,
    threads: null,
  };
  await engine.calls.profile(request);
  return out;
}

/** Places far enough apart that each lies in a window of its own: first each once, then each a little further on. */
async function hovers(profile) {
  const ask = (offset) =>
    engine.calls.tokenAt({ model, profile, source: { file, text }, offset, chosen: null, limit: 5 });
  const step = Math.floor(text.length / (rounds + 2));
  const opening = await timed(() => ask(0));
  const first = await repeat((round) => timed(() => ask(round * step)));
  const again = await repeat((round) => timed(() => ask(round * step + 20)));
  return {
    'first hover of all, the profile opened': { median: opening, min: opening, max: opening },
    'hover, first in its window': first,
    'hover, window run before': again,
  };
}

async function forwardPass() {
  const open = await openModel({ model, embeddedModel, quantity: ['act'] });
  const ids = (await open.tokenizer.tokenize(text)).ids.subarray(0, Math.min(256, open.model.maximumLength));
  const batch = { rows: 1, width: ids.length, ids, lengths: Uint32Array.of(ids.length) };
  return () => timed(() => open.model.run(batch));
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function repeat(measureOne) {
  const times = [];
  for (let round = 1; round <= rounds; round++) times.push(await measureOne(round));
  return spread(times);
}
