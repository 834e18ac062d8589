import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/core/cause/change';
import { parseNeuron } from '../../../src/core/common/neuronAddress';
import type { Quantity } from '../../../src/core/onnx/site';
import type { ChangedRow, RunText } from '../../../src/runtime/onnxruntime/changeableSession';
import type { RowOutput } from '../../../src/runtime/onnxruntime/repeatedRows';
import { openCause } from '../../../src/runtime/cause/openCause';

const ORACLES = path.join(import.meta.dirname, '../../fixtures/ablation');
const MODELS = path.join(import.meta.dirname, '../../fixtures/onnx');

/** test/fixtures/ablation/make.py says what it means. */
interface Oracle {
  by: 'torch' | 'graph';
  width: number;
  inputs: { input_ids: number[]; decoder_input_ids?: number[] };
  /** By factor of a gated FFN: what comes of it where that is changed. */
  quantities?: Partial<Record<'gate' | 'up', OracleRow[]>>;
  rows: {
    changes: {
      neuron: string;
      scale: number;
      shift: number | number[];
      low: number | null;
      high: number | null;
    }[];
    at: number[];
    values: number[][];
    logSum: number[];
    /** What PyTorch gives with the weights before they were rounded. */
    float?: number[][];
  }[];
}
type OracleRow = Oracle['rows'][number];

/** Relative to 1 + the largest; half precision and rounding in integers have their own. */
const TOLERANCE = 1e-4;
const OWN_TOLERANCE: Readonly<Record<string, number>> = {
  'gpt2-fp16': 5e-3,
  'bert-q8': 1e-2,
  't5-q8-merged': 1e-2,
  'mpnet-q8-ort': 1e-2,
};

/** A changed neuron may pass what a static rounding was made for, which cuts it: then by so much more than unchanged. */
const ROUNDING_GROWS = 7;

describe('neurons changed in rows of one batch', () => {
  it.each(readdirSync(ORACLES).filter((name) => name.endsWith('.json')))(
    '%s: each as PyTorch or the cut graph has it, and as it is alone',
    async (file) => {
      const name = path.basename(file, '.json');
      const oracle = JSON.parse(readFileSync(path.join(ORACLES, file), 'utf8')) as Oracle;
      for (const rows of stacksOf(oracle.rows)) await checkStack(name, oracle, rows, 'act');
      for (const quantity of ['gate', 'up'] as const) {
        const rows = oracle.quantities?.[quantity];
        if (rows) await checkStack(name, oracle, rows, quantity);
      }
    },
  );
});

/** The rows that change neurons of one stack, the unchanged one before them. */
function stacksOf(rows: OracleRow[]): OracleRow[][] {
  const stacks: OracleRow[][] = [];
  for (const row of rows) {
    if (row.changes.length === 0) stacks.push([]);
    stacks.at(-1)!.push(row);
  }
  return stacks;
}

async function checkStack(
  name: string,
  oracle: Oracle,
  rows: OracleRow[],
  quantity: Quantity,
): Promise<void> {
  const addresses = rows.flatMap(({ changes }) => changes.map(({ neuron }) => parseNeuron(neuron)!));
  const cause = await openCause({ model: path.join(MODELS, name), addresses, quantity, embeddedModel: '' });
  try {
    const text = runText(oracle);
    const length = cause.part === 'encoder' ? oracle.inputs.input_ids.length : text.ids.length;
    const changed = rows.map((row) => changedRow(row, length));
    const exact = name.includes('16') ? 2e-2 : 1e-6;
    expect(cause.identity).toBeLessThanOrEqual(exact);
    const unchanged = await cause.original.run(text);
    const outputs = await cause.changeable.run(text, changed, oracle.width);
    expect(largestGap(outputs[0]!.values, unchanged.output.values)).toBeLessThanOrEqual(exact);
    const tolerance = OWN_TOLERANCE[name] ?? TOLERANCE;
    const rounding = gapTo(rows[0]!.float, outputs[0]!);
    for (const [at, row] of rows.entries()) {
      const output = outputs[at]!;
      expect(output.width).toBe(oracle.width);
      expect([at, gapTo(row.values, output) < tolerance]).toEqual([at, true]);
      expect([at, gapOfSums(row.logSum, output) < tolerance]).toEqual([at, true]);
      if (row.float) expect(gapTo(row.float, output)).toBeLessThan(ROUNDING_GROWS * rounding);
      const [alone] = await cause.changeable.run(text, [changed[at]!], oracle.width);
      expect([at, largestGap(alone!.values, output.values) < tolerance]).toEqual([at, true]);
    }
    const moved = rows.slice(1).filter((_, at) => !same(rows[at + 1]!.values, rows[0]!.values));
    expect(moved.length).toBeGreaterThan(rows.length / 2);
  } finally {
    await cause.dispose();
  }
}

function runText({ inputs }: Oracle): RunText {
  const { input_ids: ids, decoder_input_ids: written } = inputs;
  if (!written) return { ids: Uint32Array.from(ids), named: new Map() };
  const named = new Map([
    ['input_ids', { values: ids, dims: [1, ids.length] }],
    ['attention_mask', { values: ids.map(() => 1), dims: [1, ids.length] }],
    ['decoder_input_ids', { values: written, dims: [1, written.length] }],
  ]);
  return { ids: Uint32Array.from(written), named };
}

function changedRow({ changes, at }: OracleRow, tokens: number): ChangedRow {
  return {
    changes: changes.map(({ neuron, scale, shift, low, high }): Change => ({
      address: parseNeuron(neuron)!,
      scale,
      shift: typeof shift === 'number' ? shift : Float32Array.from(shift),
      low: low ?? -Infinity,
      high: high ?? Infinity,
    })),
    at: Uint8Array.from({ length: tokens }, (_, token) => Number(at.includes(token))),
  };
}

/** Largest difference relative to 1 + the largest value, of the columns that the oracle keeps. */
function gapTo(wanted: number[][] | undefined, { values, width }: RowOutput): number {
  if (!wanted) return 0;
  const last = wanted[0]!.length - 1;
  const columns = wanted[0]!.map((_, at) => Math.floor((at * (width - 1)) / last + 1e-9));
  const got = wanted.flatMap((_, token) => columns.map((column) => values[token * width + column]!));
  return relativeGap(wanted.flat(), got);
}

function gapOfSums(wanted: number[], { values, width }: RowOutput): number {
  const sums = wanted.map((_, token) => {
    const row = values.subarray(token * width, (token + 1) * width);
    const top = Math.max(...row);
    return top + Math.log(row.reduce((sum, value) => sum + Math.exp(value - top), 0));
  });
  return relativeGap(wanted, sums);
}

function relativeGap(wanted: readonly number[], got: readonly number[]): number {
  const largest = Math.max(...wanted.map(Math.abs));
  const gaps = wanted.map((value, at) => Math.abs(value - got[at]!));
  return gaps.some(Number.isNaN) ? Infinity : Math.max(...gaps) / (1 + largest);
}

function largestGap(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return relativeGap([...a], [...b]);
}

function same(a: number[][], b: number[][]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
