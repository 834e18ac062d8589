/**
 * Where the time of a test of concepts goes: `node tools/bench/concept-phases.mjs PROFILE [--model default] [--json]`
 * Tests the starter set in this process, and replaces what was found before. By step its seconds, the processor's, and
 * the memory at its end; of onnxruntime's runs, the model's apart from products of matrices.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { loadSources, root } from './sources.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { model: { type: 'string', default: 'default' }, json: { type: 'boolean', default: false } },
});
const [profile] = positionals;
if (!profile) {
  console.error('Name a profile: node tools/bench/concept-phases.mjs PROFILE [--model default]');
  process.exit(2);
}

/** What a phase took, its runs of onnxruntime among it. */
const phases = {};
let current = 'opening';
const started = clock();
watchRuns();
const { testConcepts, starterSet } = await loadSources('concept-phases', {
  'src/runtime/profiling/testConcepts': ['testConcepts'],
  'src/core/concepts/labels/starterSet': ['starterSet'],
});
let since = clock();
await testConcepts(
  {
    ...{ folder: resolve(profile), layers: null, neurons: 10, strict: false },
    model: options.model === 'default' ? 'default' : resolve(options.model),
    embeddedModel: join(root, 'media/embedded-model'),
    languageProgram: join(root, 'dist/language.cjs'),
    families: (files, chatTemplate) => starterSet(files, chatTemplate),
  },
  ({ step, done, total }) => {
    // What is done between two steps is made ready for the second.
    if (done === total) enter(`after ${step}`);
    else if (current !== step) enter(step);
  },
  new globalThis.AbortController().signal,
);
enter('end');
const peakRssMiB = process.resourceUsage().maxRSS / 1024;
if (options.json) console.log(JSON.stringify({ phases, peakRssMiB }, null, 2));
else {
  console.table(phases);
  console.log(`peak ${peakRssMiB.toFixed(0)} MiB, ${((clock().ms - started.ms) / 1000).toFixed(1)} s`);
}

function enter(next) {
  const now = clock();
  const phase = phaseOf(current);
  phase.seconds += (now.ms - since.ms) / 1000;
  phase.processorSeconds += now.processorSeconds - since.processorSeconds;
  phase.rssMiB = Math.round(process.memoryUsage.rss() / 2 ** 20);
  for (const figure of ['seconds', 'processorSeconds']) phase[figure] = Number(phase[figure].toFixed(2));
  [current, since] = [next, now];
}

function phaseOf(name) {
  return (phases[name] ??= { seconds: 0, processorSeconds: 0, model: 0, products: 0, rssMiB: 0 });
}

function clock() {
  const { user, system } = process.cpuUsage();
  return { ms: performance.now(), processorSeconds: (user + system) / 1e6 };
}

/** Counts the processor time of onnxruntime's runs, which hold this thread until they are done. */
function watchRuns() {
  const { InferenceSession } = createRequire(join(root, 'package.json'))('onnxruntime-node');
  const create = InferenceSession.create.bind(InferenceSession);
  InferenceSession.create = async (...of) => {
    const session = await create(...of);
    const run = session.run.bind(session);
    const kind = session.inputNames.includes('left') ? 'products' : 'model';
    session.run = async (...inputs) => {
      const before = clock();
      try {
        return await run(...inputs);
      } finally {
        const phase = phaseOf(current);
        const spent = clock().processorSeconds - before.processorSeconds;
        phase[kind] = Number((phase[kind] + spent).toFixed(3));
      }
    };
    return session;
  };
}
