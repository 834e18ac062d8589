import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveModelPackage } from '../../../src/runtime/models/modelPackage';
import { analysePart } from '../../../src/runtime/onnxruntime/analysedPart';
import { headTest, type HeadTest } from '../../../src/runtime/onnxruntime/headTest';

/** A folder of fixtures; NEURON_LENS_FIXTURES puts another in the place of those kept here. */
const folder = process.env['NEURON_LENS_FIXTURES'] ?? path.join(import.meta.dirname, '../../fixtures/onnx');
const embeddedModel = path.join(import.meta.dirname, '../../../media/embedded-model');
const fixtures = readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'config.json')));
const rows: { readonly name: string; readonly test: HeadTest }[] = [];

/** Classes of models in PyTorch that end in a projection onto the vocabulary. */
const WITH_HEAD = /(ForCausalLM|LMHeadModel|ForMaskedLM|ForConditionalGeneration)$/;

/** Class of the model that PyTorch exported; of the negative ones, which have none, an empty one. */
function classOf(name: string): string {
  const oracle = path.join(folder, name, 'oracle.json');
  if (!existsSync(oracle)) return '';
  const { model_class: of } = JSON.parse(readFileSync(oracle, 'utf8')) as { model_class?: string | null };
  return of ?? '';
}

describe('a head is found where the model has one, and gives the model’s own logits', () => {
  it.each([...fixtures, 'default'])('%s', async (name) => {
    const model = name === 'default' ? name : path.join(folder, name);
    const modelPackage = await resolveModelPackage(model, { embeddedModel });
    const hasHead = name === 'default' || WITH_HEAD.test(classOf(name));
    for (const part of modelPackage.parts.keys()) {
      const test = await headTest(modelPackage, await analysePart(modelPackage, part));
      rows.push({ name: modelPackage.parts.size > 1 ? `${name}, ${part}` : name, test });
      if (hasHead) expect(test.passed).toBe(part === 'encoder' ? null : true);
      else expect(test.passed === null || name.startsWith('neg-attn-only')).toBe(true);
    }
  });
});

/** NEURON_LENS_FIXTURE_TABLE names the page to put the table in (tools/check-fixtures.mjs). */
afterAll(() => {
  const page = process.env['NEURON_LENS_FIXTURE_TABLE'];
  if (page === undefined) return;
  const lines = rows
    .filter(({ test }) => !/holds hidden states/.test(test.reason ?? ''))
    .map(({ name, test }) =>
      test.passed === null
        ? `| ${name} | refused: ${test.reason ?? ''} | |`
        : `| ${name} | ${test.largestDifference?.toExponential(1) ?? '–'} | ${test.peak?.toPrecision(3) ?? '–'} |`,
    );
  const table = ['| model | largest difference | largest logit |', '|---|---|---|', ...lines, ''].join('\n');
  if (page === '-') {
    process.stdout.write(table);
    return;
  }
  const [begin, end] = ['<!-- heads -->', '<!-- end of heads -->'];
  const text = readFileSync(page, 'utf8');
  const rest = text.slice(text.indexOf(end));
  writeFileSync(page, `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${table}\n${rest}`);
});
