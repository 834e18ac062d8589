import { cpSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { parsePositions, unchanged, type Positions } from '../../../src/core/cause/change';
import { parseNeuron } from '../../../src/core/common/neuronAddress';
import { generateBoth } from '../../../src/runtime/cause/generation';
import { openCause, type Cause } from '../../../src/runtime/cause/openCause';
import { promptOf } from '../../../src/runtime/cause/wholeModel';
import { ChangeableSession } from '../../../src/runtime/onnxruntime/changeableSession';
import { temporaryFolder } from '../../unit/files/temporaryFolder';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');
const TOKENS = 12;
const TEXT = 'The cat sat on the mat and';
const folder = temporaryFolder();

/** Those that go on from a cache. The last two are first passes: what goes on is a branch of the file, or a file beside it. */
const CACHED = [
  ...[
    'gpt2-optimum-past',
    'gpt2-fp16',
    'opt-optimum-past',
    'llama-optimum-past',
    'llama-func',
    'llama-einsum',
  ],
  ...['llama-bnb4', 'llama-genai-fp32', 'phi3-genai-int4', 'qwen2-q4', 't5 merged', 't5 with past beside'],
];

/** A folder of a fixture, that of T5 with one of the two ways in which optimum writes its decoder. */
function folderOf(name: string): string {
  if (!name.startsWith('t5 ')) return path.join(FIXTURES, name);
  cpSync(path.join(FIXTURES, 't5-optimum-past'), folder.path, { recursive: true });
  const left = readdirSync(path.join(folder.path, 'onnx')).filter(
    (file) => file.startsWith('decoder') && file.includes('merged') !== name.includes('merged'),
  );
  expect(left.length).toBeGreaterThan(0);
  left.forEach((file) => rmSync(path.join(folder.path, 'onnx', file)));
  return folder.path;
}

function open(name: string): Promise<Cause> {
  const address = parseNeuron(name.startsWith('t5') ? 'dec:L0.N7' : 'L0.N7')!;
  return openCause({ model: folderOf(name), addresses: [address], embeddedModel: '' });
}

async function written(cause: Cause, positions: Positions, decoderText = 'The cat sat'): Promise<string[]> {
  const prompt = await promptOf(cause, TEXT, decoderText);
  const shift = Float32Array.from({ length: prompt.length }, (_, token) => 400 * Math.sin(token));
  const change = { ...unchanged({ ...cause.sites[0]!.site, neuron: 7 }), scale: 0, shift };
  const generation = { tokens: TOKENS, temperature: 1.5, topP: 1 };
  const asked = { positions, seed: 3, generation };
  const { before, after } = await generateBoth(
    cause,
    prompt,
    [change],
    asked,
    new AbortController().signal,
    {},
  );
  return [before, after];
}

it.each(CACHED)('%s goes on from its cache with the tokens that the whole text gives', async (name) => {
  const cause = await open(name);
  const whole: Cause = { ...cause, cachedPasses: () => Promise.resolve(null) };
  const passes = vi.spyOn(ChangeableSession.prototype, 'runOn');
  try {
    const seen = new Set<string>();
    for (const at of ['all', '9-', '2,3']) {
      passes.mockClear();
      const both = await written(cause, parsePositions(at)!);
      // What is run is the prompt once, and then what is new.
      const lengths = passes.mock.calls.map(([{ ids }]) => ids.length);
      expect(lengths.filter((length) => length > 1)).toHaveLength(2);
      expect(lengths.length).toBeGreaterThan(TOKENS);
      expect(both).toEqual(await written(whole, parsePositions(at)!));
      both.forEach((text) => seen.add(text));
    }
    // Whether new tokens are meant shows in what is written.
    expect(seen.size).toBeGreaterThan(2);
  } finally {
    passes.mockRestore();
    await cause.dispose();
  }
});

it.each(['t5-q8-merged', 'bert-optimum', 'gpt2-square-optimum'])(
  '%s is run whole for each token',
  async (name) => {
    const cause = await open(name);
    try {
      expect(await cause.cachedPasses()).toBeNull();
    } finally {
      await cause.dispose();
    }
  },
);
