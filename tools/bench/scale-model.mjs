/**
 * Makes a causal language model of any size with random weights, to see how costs grow:
 * `node tools/bench/scale-model.mjs FOLDER [--layers 30] [--neurons 1536] [--width 576] [--vocabulary 49152]`
 * A Llama as exporters write it (RMS norm, rotary positions, grouped queries, gated SiLU FFNs, tied embeddings, heads of
 * 64), in fp32. As it stands here, its size is SmolLM-135M's. It reads text by the embedded model's tokenizer.
 */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LlamaGraph } from './llamaGraph.mjs';
import { root } from './sources.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layers: { type: 'string', default: '30' },
    neurons: { type: 'string', default: '1536' },
    width: { type: 'string', default: '576' },
    vocabulary: { type: 'string', default: '49152' },
  },
});
const [folder] = positionals;
const size = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]));
if (!folder || Object.values(size).some((number) => !Number.isInteger(number) || number < 1)) {
  console.error('Name a folder for the model: node tools/bench/scale-model.mjs FOLDER [--layers 30] …');
  process.exit(2);
}
if (size.width % 64 !== 0) {
  console.error(`The width is ${size.width}, which is no multiple of 64: choose one that is.`);
  process.exit(2);
}

const out = resolve(folder);
await mkdir(join(out, 'onnx'), { recursive: true });
const graph = new LlamaGraph(size);
await writeFile(join(out, 'onnx/model.onnx'), graph.bytes());
await writeFile(
  join(out, 'config.json'),
  JSON.stringify(
    {
      model_type: 'llama',
      architectures: ['LlamaForCausalLM'],
      hidden_act: 'silu',
      hidden_size: size.width,
      intermediate_size: size.neurons,
      num_hidden_layers: size.layers,
      num_attention_heads: graph.heads,
      num_key_value_heads: graph.keyHeads,
      max_position_embeddings: graph.positions,
      vocab_size: size.vocabulary,
    },
    null,
    2,
  ),
);
await copyFile(join(root, 'media/embedded-model/tokenizer.json'), join(out, 'tokenizer.json'));
console.log(
  `${folder}: ${size.layers} layers × ${size.neurons} neurons, ${(graph.parameters / 1e6).toFixed(1)} M parameters`,
);
