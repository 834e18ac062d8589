import { cpSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeInput, makeNode, makeOutput } from '../../../src/core/onnx/protobuf/makeElements';
import { TensorType, type OnnxGraph, type OnnxModel } from '../../../src/core/onnx/protobuf/model';
import { readModel } from '../../../src/core/onnx/protobuf/readModel';
import { writeModel } from '../../../src/core/onnx/protobuf/writeModel';
import { resolveModelPackage } from '../../../src/runtime/models/modelPackage';
import { openActivationModel } from '../../../src/runtime/onnxruntime/openActivationModel';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');
const BATCH = {
  rows: 2,
  width: 5,
  ids: Uint32Array.of(5, 9, 11, 40, 7, 3, 21, 8, 0, 0),
  lengths: Uint32Array.of(5, 3),
};
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'neuron-lens-inputs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function activations(model: string): Promise<Float32Array[]> {
  const opened = await openActivationModel(await resolveModelPackage(model, { embeddedModel: '' }));
  try {
    return (await opened.run(BATCH)).map(({ values }) => values.slice());
  } finally {
    await opened.dispose();
  }
}

/** Takes the token embedding out of a model into a file of its own, as multimodal models of transformers.js have it. */
function splitEmbedding(fixture: string): void {
  cpSync(path.join(FIXTURES, fixture), folder, { recursive: true });
  const whole = path.join(folder, 'onnx/model.onnx');
  const model = readModel(readFileSync(whole), whole);
  unlinkSync(whole);
  const { graph } = model;
  const lookUp = graph.nodes.find(({ opType, inputs }) => opType === 'Gather' && inputs[1] === 'input_ids')!;
  const [table = '', ids = ''] = lookUp.inputs;
  const [made = ''] = lookUp.outputs;
  const embeds = makeOutput('inputs_embeds');
  const write = (name: string, part: Partial<OnnxGraph>): void => {
    const written: OnnxModel = { ...model, graph: { ...graph, values: [], ...part } };
    writeFileSync(path.join(folder, 'onnx', name), writeModel(written, written.graph));
  };
  write('embed_tokens.onnx', {
    nodes: [makeNode('Gather', [table, ids], [embeds.name])],
    initializers: new Map([[table, graph.initializers.get(table)!]]),
    inputs: graph.inputs.filter(({ name }) => name === ids),
    outputs: [embeds],
  });
  write('decoder_model_merged.onnx', {
    nodes: [makeNode('Identity', [embeds.name], [made]), ...graph.nodes.filter((node) => node !== lookUp)],
    inputs: [
      makeInput(embeds.name, TensorType.float, ['batch', 'sequence', 'width']),
      ...graph.inputs.filter(({ name }) => name !== ids),
    ],
  });
}

describe('a decoder that reads embeddings', () => {
  it('gives the same activations through embed_tokens.onnx', async () => {
    splitEmbedding('llama-optimum-past');
    expect(await activations(folder)).toEqual(await activations(path.join(FIXTURES, 'llama-optimum-past')));
  });

  it('says which file is missing', async () => {
    splitEmbedding('llama-optimum-past');
    unlinkSync(path.join(folder, 'onnx/embed_tokens.onnx'));
    await expect(activations(folder)).rejects.toThrow(
      /reads embeddings, and no embed_tokens.onnx lies beside/,
    );
  });
});

describe('a text in a model with two stacks', () => {
  it.each(['encoder', 'decoder'] as const)('goes through the %s that was asked for', async (part) => {
    const modelPackage = await resolveModelPackage(path.join(FIXTURES, 't5-q8-merged'), {
      embeddedModel: '',
    });
    const model = await openActivationModel(modelPackage, { part, onlyText: true });
    try {
      const activations = await model.run({ ...BATCH, rows: 1, ids: BATCH.ids.slice(0, 5) });
      expect(activations.map(({ site }) => [site.part, site.layer])).toEqual([
        [part, 0],
        [part, 1],
      ]);
      for (const { values, site } of activations) expect(values).toHaveLength(5 * site.dFf);
    } finally {
      await model.dispose();
    }
  });

  it.each([
    ['bert-optimum', 'decoder', /has no decoder. It has: model/],
    ['dinov2-swiglu-legacy17', undefined, /reads images or sound, and no text/],
  ] as const)('%s says why it cannot', async (fixture, part, sentence) => {
    const modelPackage = await resolveModelPackage(path.join(FIXTURES, fixture), { embeddedModel: '' });
    const options = { onlyText: true, ...(part !== undefined && { part }) };
    await expect(openActivationModel(modelPackage, options)).rejects.toThrow(sentence);
  });
});
