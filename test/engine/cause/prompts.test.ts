import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PromptsAnswer } from '../../../src/core/cause/promptsAnswer';
import { alignTokens } from '../../../src/core/cause/promptAlignment';
import { formatNeuron, parseNeuron } from '../../../src/core/common/neuronAddress';
import { ablateText } from '../../../src/runtime/cause/ablation';
import { mostDifferent } from '../../../src/runtime/cause/mostDifferent';
import { openCause, type Cause } from '../../../src/runtime/cause/openCause';
import { comparePrompts, type PromptsQuestion } from '../../../src/runtime/cause/prompts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');
const EMBEDDED = path.join(import.meta.dirname, '../../../media/embedded-model');
const A = 'Requests fail after the default connect timeout of 30';
const B = 'Requests go through the default connect port of 30';
const signal = new AbortController().signal;

const causes = new Map<string, Promise<Cause>>();

function opened(model: string): Promise<Cause> {
  const request = {
    model: path.resolve(FIXTURES, model),
    addresses: 'all' as const,
    embeddedModel: EMBEDDED,
  };
  const cause = causes.get(model) ?? openCause(model === 'default' ? { ...request, model } : request);
  causes.set(model, cause);
  return cause;
}

afterAll(async () => {
  for (const cause of causes.values()) await (await cause.catch(() => null))?.dispose();
});

async function compare(
  model: string,
  neurons: readonly string[],
  more: Partial<PromptsQuestion> = {},
): Promise<PromptsAnswer> {
  const question = { prompts: [A, B], patch: null, controls: 4, seed: 1, ...more };
  const addresses = neurons.map((name) => parseNeuron(name)!);
  return comparePrompts(await opened(model), { ...question, neurons: addresses }, signal);
}

async function ablate(model: string, text: string, neuron: string, value: number) {
  const setting = { kind: 'value' as const, number: value, quantileOf: null };
  const settings = [{ address: parseNeuron(neuron)!, setting }];
  const question = { text, settings, positions: 'last' as const, controls: 0, seed: 1, generation: null };
  return ablateText(await opened(model), question, signal);
}

describe('prompts side by side', () => {
  it.each(['gpt2-optimum-past', 'llama-optimum-past', 'qwen2-q4', 'default'])(
    'of %s have what an ablation of each by itself tells',
    async (model) => {
      const { prompts, next, output } = await compare(model, ['L0.N7', 'L1.N9']);
      expect(output).toBe('next');
      for (const [at, text] of [A, B].entries()) {
        const { changed, next: before } = await ablate(model, text, 'L1.N9', 0);
        expect(prompts[at]!.values[1]!.at(-1)).toBeCloseTo(changed[0]!.values[0]!, 5);
        for (const { id, before: share } of before.slice(0, 10)) {
          expect(next.find((token) => token.id === id)!.shares[at]).toBeCloseTo(share, 5);
        }
        const ends = [0, ...prompts[at]!.tokens.map(({ end }) => end)];
        const words = prompts[at]!.tokens.map(({ end }, token) => text.slice(ends[token], end)).join('');
        expect(words.replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }
    },
  );

  it.each(['gpt2-optimum-past', 'llama-optimum-past', 'qwen2-q4', 'bert-left', 'default'])(
    'of %s: a value of one in the other is what setting it there is',
    async (model) => {
      const mask = model === 'bert-left' ? ' [MASK]' : '';
      const [from, to] = [A + mask, B + mask];
      const cause = await opened(model);
      const neuron = 'L1.N9';
      const { prompts, patch, next } = await compare(model, [neuron], {
        prompts: [from, to],
        patch: { from: 0, to: 1, at: 'last' },
      });
      const expected = await ablate(model, to, neuron, prompts[0]!.values[0]!.at(-1)!);
      expect(patch!.pairs).toBe(1);
      expect(patch!.change).toBeCloseTo(expected.kl ?? 1 - expected.cosine!.sentence, 9);
      for (const { id, after } of expected.next.slice(0, 5)) {
        expect(next.find((token) => token.id === id)!.patched).toBeCloseTo(after, 6);
      }
      expect(patch!.controls).toHaveLength(4);
      const larger = patch!.controls.filter(({ change }) => change >= patch!.change).length;
      expect(patch!.p).toBe((1 + larger) / 5);
      expect(cause.sites.length).toBeGreaterThan(1);
    },
  );

  it('change nothing where a prompt is patched into itself, nor where it is the same', async () => {
    const neurons = ['L0.N7', 'L1.N9', 'L1.N100'];
    const itself = await compare('gpt2-optimum-past', neurons, {
      prompts: [A, A],
      patch: { from: 0, to: 1, at: 'aligned' },
    });
    expect(itself.patch!.kl).toBeLessThan(1e-9);
    expect(itself.patch!.controls).toEqual([]);
    // Before the last token both prompts are the same, so that nothing but its values can differ.
    const prompts = ['The cat sat on', 'The cat sat in'];
    const at = (places: 'aligned' | 'differing' | 'last') =>
      compare('gpt2-optimum-past', neurons, { prompts, patch: { from: 0, to: 1, at: places } });
    const [aligned, differing, last] = [await at('aligned'), await at('differing'), await at('last')];
    expect(last.patch!.kl).toBeGreaterThan(1e-6);
    for (const { patch } of [aligned, differing]) expect(patch!.kl).toBeCloseTo(last.patch!.kl!, 7);
    expect([aligned, differing, last].map(({ patch }) => patch!.pairs)).toEqual([
      aligned.prompts[0]!.tokens.length,
      1,
      1,
    ]);
  });

  it('give every control what it has when it is patched alone', async () => {
    const patch = { from: 1, to: 0, at: 'differing' as const };
    const together = await compare('gpt2-optimum-past', ['L1.N9'], { patch });
    for (const { neurons, kl } of together.patch!.controls) {
      const alone = await compare('gpt2-optimum-past', neurons, { patch, controls: 0 });
      expect(alone.patch!.kl).toBeCloseTo(kl!, 8);
    }
  });

  it('tell the neuron that differs most, as all values compared by hand do', async () => {
    const cause = await opened('gpt2-optimum-past');
    const { neuron, difference, unit } = await mostDifferent(
      cause,
      { from: A, to: B, profile: null, without: [] },
      signal,
    );
    const all = cause.sites.flatMap(({ site }) =>
      Array.from({ length: site.dFf }, (_, at) => ({ ...site, neuron: at })),
    );
    const { prompts } = await compare('gpt2-optimum-past', all.map(formatNeuron));
    const [one, other] = [prompts[0]!, prompts[1]!];
    const ids = (at: number): number[] => prompts[at]!.tokens.map(({ id }) => id);
    const pairs = alignTokens(ids(0), ids(1));
    const norms = new Map<number, Float64Array | null>();
    for (const located of cause.sites) norms.set(located.site.layer, await cause.outputNorms(located));
    const sizes = all.map(({ layer, neuron: at }, row) => {
      const gaps = pairs.map((pair) => Math.abs(one.values[row]![pair.from]! - other.values[row]![pair.to]!));
      return Math.max(...gaps) * norms.get(layer)![at]!;
    });
    const largest = sizes.indexOf(Math.max(...sizes));
    expect([neuron, unit]).toEqual([formatNeuron(all[largest]!), 'written']);
    expect(difference).toBeCloseTo(sizes[largest]!, 4);
    const second = await mostDifferent(cause, { from: A, to: B, profile: null, without: [neuron] }, signal);
    expect(second.neuron).not.toBe(neuron);
    expect(second.difference).toBeLessThanOrEqual(difference);
    await expect(
      mostDifferent(cause, { from: A, to: A, profile: null, without: [] }, signal),
    ).rejects.toThrow(/No neuron differs/);
  });

  it('say of each prompt what stands against it, and show the others', async () => {
    const long = await compare('gpt2-optimum-past', ['L1.N9'], { prompts: [`${A} `.repeat(300), '', B] });
    const { limits } = await opened('gpt2-optimum-past');
    expect(long.prompts[0]!.tokens).toHaveLength(limits.length);
    expect(long.prompts[0]!.tokensLeftOut).toBeGreaterThan(0);
    expect(long.prompts[1]).toMatchObject({
      tokens: [],
      values: [],
      reason: expect.stringMatching(/no token/) as string,
    });
    expect(long.next[0]!.shares.map((share) => share === null)).toEqual([false, true, false]);
    const unmasked = await compare('roberta-ext', ['L1.N9'], { prompts: ['The cat <mask>', 'The cat sat'] });
    expect(unmasked.output).toBe('mask');
    expect(unmasked.prompts.map(({ reason }) => reason === null)).toEqual([true, false]);
    expect(unmasked.prompts[1]!.values[0]!.length).toBe(unmasked.prompts[1]!.tokens.length);
    const states = await compare('bert-optimum', ['L1.N9'], { patch: { from: 0, to: 1, at: 'aligned' } });
    expect(states).toMatchObject({ output: 'hidden', next: [], patch: { kl: null } });
    expect(states.patch!.change).toBeGreaterThan(0);
  });

  it('refuse what they cannot hold side by side', async () => {
    await expect(compare('gpt2-optimum-past', ['L9.N1'])).rejects.toThrow(/no layer L9/);
    await expect(compare('gpt2-optimum-past', ['L0.N99999'])).rejects.toThrow(/no neuron/);
    await expect(compare('t5-q8-merged', ['dec:L1.N1'])).rejects.toThrow(/decoder beside its encoder/);
    await expect(opened('qwen3_moe-optimum')).rejects.toThrow(/they are experts/);
  });
});
