import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import { openTokenizer } from '../../../src/runtime/tokenizers/openTokenizer';

const RUNS = Number(process.env['NEURON_LENS_FUZZ_RUNS'] ?? 300);
const TEXT = `The old harbour, 3 lamps. ${'a'.repeat(60)}! \ud83e\udd8a naïve ${' '.repeat(50)}\n`;
const tokenizers = join(import.meta.dirname, '../../fixtures/text/tokenizers');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neuron-lens-hostile-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Where a value stands in a document, vocabulary and merges left out: they would hide all else. */
function places(json: Json, at: readonly string[] = []): (readonly string[])[] {
  if (typeof json !== 'object' || json === null) return [at];
  const inner = Object.entries(json).filter(([name]) => name !== 'vocab' && name !== 'merges');
  return [at, ...inner.slice(0, 40).flatMap(([name, value]) => places(value, [...at, name]))];
}

function replaced(json: Json, [name, ...rest]: readonly string[], value: Json): Json {
  if (name === undefined) return value;
  if (typeof json !== 'object' || json === null) return json;
  const inner = replaced((json as Record<string, Json>)[name] ?? null, rest, value);
  return Array.isArray(json)
    ? json.map((item, at) => (String(at) === name ? inner : item))
    : { ...json, [name]: inner };
}

const split = (pattern: string): Json => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});
const hostile = fc.oneof<fc.Arbitrary<Json>[]>(
  fc.constantFrom<Json>(null, true, -1, 1e9, 0.5, '', 'a', [], {}, '\u0000', 'x'.repeat(5000)),
  fc.constantFrom<Json>(
    split('(a+)+$'),
    split('(?:'),
    split('.*'),
    split(''),
    { type: 'Replace', pattern: { String: 'a' }, content: 'b'.repeat(10_000) },
    { type: 'Precompiled', precompiled_charsmap: 'CAAAAP////////8=' },
    { type: 'Sequence', normalizers: [], pretokenizers: [], processors: [] },
    { type: 'FixedLength', length: 0 },
    { type: 'Digits', individual_digits: true },
    { type: 'Metaspace', replacement: '', prepend_scheme: 'always', split: true },
  ),
  fc.json({ maxDepth: 2 }).map((text) => JSON.parse(text) as Json),
);

describe('a hostile tokenizer.json', () => {
  it.each(['bert', 'gpt2', 'llama', 't5', 'roberta'])(
    'made from %s ends in tokens or in one sentence, and the process goes on',
    async (name) => {
      const whole = JSON.parse(readFileSync(join(tokenizers, `${name}.json`), 'utf8')) as Json;
      const all = places(whole);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(all.length - 1), hostile), { minLength: 1, maxLength: 2 }),
          async (changes) => {
            const json = changes.reduce((made, [at, value]) => replaced(made, all[at]!, value), whole);
            const path = join(folder, 'tokenizer.json');
            await writeFile(path, JSON.stringify(json));
            try {
              const { ids, starts } = await (await openTokenizer(path)).tokenize(TEXT);
              expect(starts).toHaveLength(ids.length);
            } catch (thrown) {
              if (!(thrown instanceof LensError) || thrown.code === 'internal') throw thrown;
            }
          },
        ),
        { numRuns: Math.ceil(RUNS / 20), interruptAfterTimeLimit: 900_000, markInterruptAsFailure: true },
      );
    },
    1_000_000,
  );
});
