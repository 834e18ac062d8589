/**
 * What an ablation with controls costs: `node tools/bench/ablation.mjs [MODEL] [--neuron L3.N652] [--rounds 9]`.
 * In turns, in one process: the whole answer for a text with 20 controls, 21 plain forwards one after another, and one
 * batch of 21 rows of the model as it is. Printed are times, and the answer as a ratio to each of the others.
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
const { ablateText, openCause, promptOf, parseNeuronSetting } = await loadSources('ablation', {
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
const nothing = Array(CONTROLS + 1).fill({ changes: [], at: new Uint8Array(prompt.length) });

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const { output } = await cause.original.run(prompt);
const sides = {
  'answer with 20 controls': () => ablateText(cause, question, new globalThis.AbortController().signal),
  '21 plain forwards': async () => {
    for (let run = 0; run <= CONTROLS; run++) await cause.original.run(prompt);
  },
  'batch of 21 plain rows': () => cause.changeable.run(prompt, nothing, output.width),
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
await cause.dispose();
