/**
 * What an ablation with controls costs: `node tools/bench/ablation.mjs [MODEL] [--neuron L3.N652] [--rounds 9]`.
 * In turns, in one process: the whole answer for a text with 20 controls, 21 forwards of the file as it is one after
 * another, and one batch of 21 rows of it. Printed are times, and the answer as a ratio to each of the others. Then, where
 * the model can go on with a text from a cache, the time of a continuation of 100 tokens with the cache and without.
 */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { loadSources, root } from './sources.mjs';
import { spread, spreadTable } from './spread.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    neuron: { type: 'string', default: 'L3.N652' },
    rounds: { type: 'string', default: '9' },
  },
});
const TEXT =
  'The garden was full of flowers, and the old man who kept it walked slowly between the beds, looking for the key ' +
  'that his daughter had lost there on the morning of the day before.';
const CONTROLS = 20;
const {
  ablateText,
  openCause,
  promptOf,
  parseNeuronSetting,
  generateBoth,
  GraphEditor,
  StackSession,
  repeatRow,
} = await loadSources('ablation', {
  'src/runtime/cause/generation': ['generateBoth'],
  'src/core/onnx/surgery/graphEditor': ['GraphEditor'],
  'src/runtime/onnxruntime/stackSession': ['StackSession'],
  'src/runtime/onnxruntime/repeatedRows': ['repeatRow'],
  'src/runtime/cause/ablation': ['ablateText'],
  'src/runtime/cause/openCause': ['openCause'],
  'src/runtime/cause/wholeModel': ['promptOf'],
  'src/core/cause/change': ['parseNeuronSetting'],
});
const setting = parseNeuronSetting(`${options.neuron}=0`);
const began = performance.now();
const cause = await openCause({
  model: positionals[0] ?? 'default',
  addresses: [setting.address],
  embeddedModel: join(root, 'media/embedded-model'),
});
const opening = performance.now() - began;
const prompt = await promptOf(cause, TEXT);
const question = {
  text: TEXT,
  settings: [setting],
  positions: 'all',
  seed: 1,
  controls: CONTROLS,
  generation: null,
};
const { analysis, file, weights } = cause.analysed;
const plain = await StackSession.open(
  {
    bytes: new GraphEditor(analysis.index).write([cause.output], weights.renamed),
    path: file.path,
    weightFolder: weights.folder,
  },
  cause.modelPackage,
  {},
);
const { signal } = new globalThis.AbortController();

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const sides = {
  'answer with 20 controls': () => ablateText(cause, question, signal),
  '21 plain forwards': async () => {
    for (let run = 0; run <= CONTROLS; run++) await plain.run(repeatRow(prompt.ids, 1));
  },
  'batch of 21 plain rows': () => plain.run(repeatRow(prompt.ids, CONTROLS + 1)),
};
const measured = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
for (let round = -1; round < Number(options.rounds); round++) {
  for (const [side, work] of Object.entries(sides)) {
    const milliseconds = await timed(work);
    if (round >= 0) measured[side].push(milliseconds);
  }
}
const [answer, ...others] = Object.keys(sides);
const ratios = Object.fromEntries(
  others.map((side) => [
    `answer / ${side}`,
    spread(measured[answer].map((value, round) => value / measured[side][round])),
  ]),
);
const times = Object.fromEntries(Object.entries(measured).map(([side, values]) => [side, spread(values)]));
console.log(`${prompt.ids.length} tokens; opening ${opening.toFixed(0)} ms\n`);
console.log(`${spreadTable(times, 1)}\n\n${spreadTable(ratios, 2)}`);
await plain.dispose();
if (await cause.cachedPasses()) await timeContinuation();
await cause.dispose();

async function timeContinuation() {
  const asked = { positions: 'all', seed: 1, generation: { tokens: 30, temperature: 1, topP: 1 } };
  const whole = { ...cause, cachedPasses: async () => null };
  const both = { 'from the cache': [], 'whole text': [] };
  for (let round = -1; round < Number(options.rounds); round++) {
    const milliseconds = [
      await timed(() => generateBoth(cause, prompt, [], asked, signal, {})),
      await timed(() => generateBoth(whole, prompt, [], asked, signal, {})),
    ];
    if (round >= 0) Object.keys(both).forEach((side, at) => both[side].push(milliseconds[at] / 60));
  }
  const rows = Object.fromEntries(Object.entries(both).map(([side, values]) => [side, spread(values)]));
  console.log(`\nMilliseconds a token of a continuation of 100:\n${spreadTable(rows, 2)}`);
}
