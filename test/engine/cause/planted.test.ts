import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseNeuronSetting } from '../../../src/core/cause/change';
import { TensorType } from '../../../src/core/onnx/protobuf/model';
import { ablateText } from '../../../src/runtime/cause/ablation';
import { openCause } from '../../../src/runtime/cause/openCause';
import { temporaryFolder } from '../../unit/files/temporaryFolder';
import { GraphBuilder } from '../../unit/onnx/graphBuilder';

const WORDS = ['the', 'cat', 'sat', 'on', 'mat', 'dog', 'ran', 'far'];
const NEURONS = 32;
const PLANTED = 13;
/** The stream holds a place for each word, which the head reads, and as many that it does not. */
const WIDTH = 2 * WORDS.length;
const STRENGTH = 9;
const folder = temporaryFolder();

/**
 * Every neuron is 1 at "sat" and writes as much; one writes it to the place of "mat", the others to places that the head
 * does not read.
 */
function plantedModel(): Uint8Array {
  const builder = new GraphBuilder();
  const matrix = (rows: number, columns: number, value: (row: number, column: number) => number): string =>
    builder.constant(
      [rows, columns],
      Array.from({ length: rows * columns }, (_, at) => value(Math.floor(at / columns), at % columns)),
    );
  const ids = builder.input('input_ids', ['rows', 'tokens'], TensorType.int64);
  const stream = builder.add('Gather', [matrix(WORDS.length, WIDTH, (row, at) => Number(row === at)), ids]);
  const up = matrix(WIDTH, NEURONS, (row) => Number(row === WORDS.indexOf('sat')));
  const act = builder.add('Relu', [builder.add('MatMul', [stream, up])]);
  const unread = (neuron: number): number => WORDS.length + (neuron % WORDS.length);
  const place = (neuron: number): number => (neuron === PLANTED ? WORDS.indexOf('mat') : unread(neuron));
  const down = matrix(NEURONS, WIDTH, (neuron, at) => (at === place(neuron) ? STRENGTH : 0));
  const out = builder.add('Add', [stream, builder.add('MatMul', [act, down])]);
  const head = matrix(WIDTH, WORDS.length, (row, at) => Number(row === at));
  builder.raw('MatMul', [out, head], ['logits']);
  return builder.bytes('logits');
}

async function layPlantedModel(): Promise<void> {
  await mkdir(path.join(folder.path, 'onnx'), { recursive: true });
  await writeFile(path.join(folder.path, 'onnx/model.onnx'), plantedModel());
  const config = { architectures: ['GPT2LMHeadModel'], model_type: 'gpt2', num_hidden_layers: 1 };
  await writeFile(path.join(folder.path, 'config.json'), JSON.stringify(config));
  const tokenizer = {
    ...{ version: '1.0', added_tokens: [], normalizer: null, pre_tokenizer: { type: 'Whitespace' } },
    ...{ post_processor: null, decoder: null },
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
      unk_token: 'the',
    },
  };
  await writeFile(path.join(folder.path, 'tokenizer.json'), JSON.stringify(tokenizer));
}

it('finds that a neuron which alone writes a token takes exactly that with it, and that controls change nothing', async () => {
  await layPlantedModel();
  const setting = parseNeuronSetting(`L0.N${PLANTED}=0`)!;
  const cause = await openCause({ model: folder.path, addresses: [setting.address], embeddedModel: '' });
  try {
    const question = { text: 'the cat sat', settings: [setting], positions: 'all' as const, seed: 1 };
    const asked = { ...question, controls: 20, generation: null };
    const answer = await ablateText(cause, asked, new AbortController().signal);
    // One token at e^9, that of the word itself at e, six at 1: and without the neuron no e^9.
    const others = WORDS.length - 2;
    const before = Math.exp(STRENGTH) / (Math.exp(STRENGTH) + Math.E + others);
    const after = 1 / (Math.E + others + 1);
    const mat = answer.next.find(({ id }) => id === WORDS.indexOf('mat'))!;
    expect(mat.before).toBeCloseTo(before, 6);
    expect(mat.after).toBeCloseTo(after, 6);
    // What the others have among themselves stays.
    const rest = answer.next.filter(({ id }) => id !== mat.id);
    for (const { before: was, after: is } of rest) {
      expect(is / (1 - after)).toBeCloseTo(was / (1 - before), 6);
    }
    expect(answer.controls).toHaveLength(20);
    expect(answer.controls.map(({ kl }) => kl)).toEqual(Array(20).fill(0));
    expect(answer.p).toBe(1 / 21);
    const kl = before * Math.log(before / after) + (1 - before) * Math.log((1 - before) / (1 - after));
    expect(answer.kl).toBeCloseTo(kl, 6);
    expect(answer.identity).toBe(0);
  } finally {
    await cause.dispose();
  }
});
