import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parsePositions, parseSetting, unchanged } from '../../../src/core/cause/change';
import { formatNeuron, parseNeuron } from '../../../src/core/common/neuronAddress';
import { ablateText, type AblationQuestion } from '../../../src/runtime/cause/ablation';
import { promptOf } from '../../../src/runtime/cause/wholeModel';
import { openCause } from '../../../src/runtime/cause/openCause';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');

async function ablate(fixture: string, change: string, more: Partial<AblationQuestion> = {}) {
  const [, name = '', rest = ''] = /^(.*?)([=*+].*)$/.exec(change)!;
  const address = parseNeuron(name)!;
  const cause = await openCause({
    model: path.join(FIXTURES, fixture),
    addresses: [address],
    embeddedModel: '',
  });
  try {
    const question = {
      text: 'The cat sat on the mat',
      settings: [{ address, setting: parseSetting(rest)! }],
      positions: 'all' as const,
      ...{ controls: 4, seed: 1, generation: null },
      ...more,
    };
    return await ablateText(cause, question, new AbortController().signal);
  } finally {
    await cause.dispose();
  }
}

describe('a neuron changed in the whole model', () => {
  it.each([
    ['gpt2-optimum-past', 'L1.N7', 1e-6],
    ['gpt2-fp16', 'L1.N7', 2e-2],
    ['opt-optimum-past', 'L0.N3', 1e-6],
    ['llama-optimum-past', 'L2.N7', 1e-6],
    ['llama-func', 'L1.N7', 1e-6],
    ['llama-einsum', 'L1.N7', 1e-6],
    ['llama-bnb4', 'L1.N7', 1e-6],
    ['llama-genai-fp32', 'L1.N7', 1e-6],
    ['phi3-genai-int4', 'L1.N7', 1e-6],
    ['qwen2-q4', 'L1.N7', 1e-6],
    ['t5-q8-merged', 'dec:L1.N7', 1e-6],
    ['t5-dynamo18', 'dec:L1.N7', 1e-6],
    ['bert-q8', 'L1.N7', 1e-6],
    ['bert-left', 'L1.N7', 1e-6],
    ['squeezebert-optimum', 'L1.N7', 1e-6],
    ['qwen3_moe-optimum', 'L1.E2.N7', 1e-6],
    ['qwen3_moe-tf5-dynamo20', 'L1.E2.N7', 1e-6],
    ['t5-q8-merged', 'enc:L0.N7', 1e-6],
    ['t5-dynamo18', 'enc:L1.N7', 1e-6],
    ['albert-optimum', 'L1.N7', 1e-6],
    ['bert-flat2d', 'L1.N7', 1e-6],
    ['mobilebert-optimum', 'L1b.N7', 1e-6],
  ])('of %s leaves the output as it was where nothing is changed', async (fixture, neuron, allowed) => {
    const { identity, output, kl, cosine } = await ablate(fixture, `${neuron}+100`);
    expect(identity).toBeLessThanOrEqual(allowed);
    const change = output === 'hidden' ? 1 - cosine!.sentence : kl!;
    // An expert may get none of the tokens; MobileBERT's neurons reach 300,000, so that 100 more are little.
    expect(change).toBeGreaterThan(/qwen3_moe|mobilebert/.test(fixture) ? -1 : 1e-6);
    expect((await ablate(fixture, `${neuron}*1`)).kl ?? 0).toBeLessThan(1e-9);
  });

  it('reads the output weights that controls are matched on, however they are stored', async () => {
    for (const fixture of [
      'gpt2-optimum-past',
      'gpt2-fp16',
      'llama-bnb4',
      'bert-left',
      '../../../media/embedded-model',
    ]) {
      const { notices } = await ablate(fixture, 'L1.N7=0');
      expect([fixture, notices]).toEqual([fixture, []]);
    }
  });

  it('gives each control what it has when it is changed alone', async () => {
    const { controls, p, kl } = await ablate('gpt2-optimum-past', 'L1.N7=0');
    expect(controls).toHaveLength(4);
    for (const control of controls) {
      const alone = await ablate('gpt2-optimum-past', `${control.neurons[0]}=0`, { controls: 0 });
      expect(alone.kl).toBeCloseTo(control.kl!, 9);
    }
    const larger = controls.filter(({ change }) => change >= kl!).length;
    expect(p).toBe((1 + larger) / 5);
    expect(new Set(controls.flatMap(({ neurons }) => neurons)).has('L1.N7')).toBe(false);
  });

  it.each(['gpt2-optimum-past', 'llama-optimum-past', 'phi3-genai-int4'])(
    'computes the last token’s logits of %s alone where they are all that is asked for',
    async (fixture) => {
      const address = parseNeuron('L1.N7')!;
      const model = path.join(FIXTURES, fixture);
      const cause = await openCause({ model, addresses: [address], embeddedModel: '' });
      try {
        const prompt = await promptOf(cause, 'The cat sat on the mat');
        const at = new Uint8Array(prompt.length).fill(1);
        const rows = [[], [{ ...unchanged(address), shift: 5 }]].map((changes) => ({ changes, at }));
        const all = await cause.changeable.run(prompt, rows, 512);
        const last = await cause.changeable.run(prompt, rows, 512, { last: true });
        expect(last.map(({ values }) => values.length)).toEqual([512, 512]);
        last.forEach(({ values }, row) => {
          const wanted = all[row]!.values.subarray(-512);
          values.forEach((value, id) => expect(Math.abs(value - wanted[id]!)).toBeLessThan(1e-5));
        });
      } finally {
        await cause.dispose();
      }
    },
  );

  it('changes only the tokens that are meant', async () => {
    const last = await ablate('llama-optimum-past', 'L1.N7=9', { positions: parsePositions('last')! });
    const changed = last.loss.filter(({ before, after }) => before !== after);
    expect(changed).toEqual([]);
    expect(last.kl).toBeGreaterThan(1e-6);
    const second = await ablate('llama-optimum-past', 'L1.N7=9', { positions: [2] });
    expect(second.loss.slice(0, 3).every(({ before, after }) => before === after)).toBe(true);
    expect(second.loss.slice(3).some(({ before, after }) => before !== after)).toBe(true);
  });

  it('says what stands against it', async () => {
    const refused = (change: string, fixture = 'gpt2-optimum-past', text = 'The cat'): Promise<unknown> =>
      ablate(fixture, change, { text });
    await expect(refused('L9.N7=0')).rejects.toThrow(/has no layer L9/);
    await expect(refused('L1.N70000=0')).rejects.toThrow(/has no neuron L1.N70000/);
    await expect(refused('L1.N7=0', 'gpt2-optimum-past', '')).rejects.toThrow(/no token in the text/);
    await expect(refused('L1.N7=0', 'gpt2-optimum-past', 'word '.repeat(3000))).rejects.toThrow(/takes \d+/);
    await expect(refused('L1.N7*1e39')).rejects.toThrow(/gives no numbers any more/);
    await expect(refused('L1.N7=0', 'roberta-ext')).rejects.toThrow(/mask token/);
  });

  it('refuses a model that does not fit into memory, with the numbers', async () => {
    const free = vi.spyOn(process, 'availableMemory').mockReturnValue(1000);
    await expect(ablate('gpt2-optimum-past', 'L1.N7=0')).rejects.toThrow(
      /takes \d.* at least, and 1\.00 kB are free/,
    );
    free.mockRestore();
  });

  it('keeps what is written of a continuation that is stopped', async () => {
    const address = parseNeuron('L1.N7')!;
    const cause = await openCause({
      ...{ model: path.join(FIXTURES, 'gpt2-optimum-past'), embeddedModel: '' },
      addresses: [address],
    });
    const stop = new AbortController();
    const question = {
      ...{
        text: 'The cat',
        settings: [{ address, setting: parseSetting('=3')! }],
        positions: 'all' as const,
      },
      ...{ controls: 0, seed: 1, generation: { tokens: 20, temperature: 1, topP: 1 } },
    };
    const pieces: string[] = [];
    const told = {
      written: (side: string, text: string): void => {
        pieces.push(`${side} ${text}`);
        if (pieces.length === 3) stop.abort();
      },
    };
    const { generated, kl } = await ablateText(cause, question, stop.signal, told).finally(() =>
      cause.dispose(),
    );
    expect(pieces).toHaveLength(3);
    expect(`before ${generated!.before}`).toBe(pieces.at(-1));
    expect(generated!.after).toBe('');
    expect(kl).toBeGreaterThan(0);
  });

  it('goes on with a text, the same way each time it is drawn', async () => {
    const generation = { tokens: 6, temperature: 1.5, topP: 0.9 };
    const [first, again] = await Promise.all([
      ablate('gpt2-optimum-past', 'L1.N7=0', { generation }),
      ablate('gpt2-optimum-past', 'L1.N7=0', { generation }),
    ]);
    expect(first.generated).toEqual(again.generated);
    expect(formatNeuron(parseNeuron(first.changed[0]!.neuron)!)).toBe('L1.N7');
  });
});
