import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import { GraphIndex } from '../../../src/core/onnx/graph/graphIndex';
import { analyseModel } from '../../../src/core/onnx/modelAnalysis';
import { readModel } from '../../../src/core/onnx/protobuf/readModel';
import { WireWriter } from '../../../src/core/onnx/protobuf/wireWriter';
import { GraphBuilder } from './graphBuilder';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/onnx');
const MUTANTS = Number(process.env['NEURON_LENS_FUZZ_RUNS'] ?? 300);

/** @returns the number of sites, or the sentence that the reader ends with; anything else is thrown on. */
function outcome(bytes: Uint8Array): number | string {
  try {
    return analyseModel(readModel(bytes, 'test.onnx'), { part: null, layers: () => null }).sites.length;
  } catch (thrown) {
    if (thrown instanceof LensError && thrown.code === 'invalid-model') return thrown.message;
    throw thrown;
  }
}

describe('a damaged model file', () => {
  it.each(['bert-q8', 'llama-func', 't5-q8-merged', 'qwen3_moe-tf5-dynamo20', 'squeezebert-optimum'])(
    'made from %s ends in sites or one sentence, in time and memory',
    (fixture) => {
      const folder = path.join(FIXTURES, fixture, 'onnx');
      const name = {
        'bert-q8': 'model_quantized.onnx',
        't5-q8-merged': 'decoder_model_merged_quantized.onnx',
      }[fixture];
      const whole = readFileSync(path.join(folder, name ?? 'model.onnx'));
      const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), cut: fc.boolean() });
      fc.assert(
        fc.property(
          fc.array(change, { minLength: 1, maxLength: 8 }),
          fc.nat(whole.length),
          (changes, end) => {
            const bytes = Uint8Array.from(whole);
            for (const { at, byte } of changes) bytes[at] = byte;
            const result = outcome(changes.some(({ cut }) => cut) ? bytes.subarray(0, end) : bytes);
            expect(['number', 'string']).toContain(typeof result);
          },
        ),
        { numRuns: Math.ceil(MUTANTS / 5), interruptAfterTimeLimit: 600_000, markInterruptAsFailure: true },
      );
    },
    600_000,
  );

  it("is refused in the user's terms", () => {
    expect(outcome(new TextEncoder().encode('# Not a model'))).toMatch(
      /^test\.onnx is not a readable ONNX model/,
    );
    expect(outcome(new Uint8Array(0))).toMatch(/it holds no operators/);
  });
});

describe('a hostile model file', () => {
  it('that nests graphs without end is refused', () => {
    let graph = new WireWriter().text(2, 'inner');
    for (let depth = 0; depth < 2000; depth++) {
      const attribute = new WireWriter().text(1, 'body').message(6, graph).integer(20, 5);
      const node = new WireWriter().text(4, 'Loop').message(5, attribute);
      graph = new WireWriter().message(1, node);
    }
    expect(outcome(new WireWriter().message(7, graph).finish())).toMatch(/nests its graphs too deeply/);
  });

  it('that claims a length beyond its end is refused without reserving it', () => {
    const before = process.memoryUsage().rss;
    const claim = Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f);
    expect(outcome(claim)).toMatch(/damaged near byte 0/);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  it('whose operators read each other in a circle ends', () => {
    const builder = new GraphBuilder();
    const weight = builder.weight(8, 8);
    builder.raw('Add', ['c', 'c'], ['a']);
    builder.raw('Relu', ['a'], ['b']);
    builder.raw('Transpose', ['b'], ['c']);
    builder.raw('MatMul', ['c', weight], ['d']);
    expect(outcome(builder.bytes('d'))).toBe(0);
  });

  it('whose functions call each other without end is refused', () => {
    const call = new WireWriter().text(4, 'F').text(7, 'local').text(1, 'x').text(2, 'y');
    const body = new WireWriter()
      .text(1, 'F')
      .text(10, 'local')
      .text(4, 'x')
      .text(5, 'y')
      .message(7, call)
      .message(7, call);
    const model = new WireWriter().message(7, new WireWriter().message(1, call)).message(25, body);
    expect(outcome(model.finish())).toMatch(/call each other without end/);
  });

  /** Functions F0 … of which each calls the next one several times, and a constant in the last. */
  function nestedFunctions(depth: number, calls: number, constant = 0): Uint8Array {
    const call = (name: string, from: string, to: string) =>
      new WireWriter().text(1, from).text(2, to).text(4, name).text(7, 'local');
    const model = new WireWriter().message(7, new WireWriter().message(1, call('F0', 'x', 'y')));
    for (let level = 0; level < depth; level++) {
      const body = new WireWriter().text(1, `F${level}`).text(4, 'x').text(5, 'y');
      if (level === depth - 1) {
        const tensor = new WireWriter()
          .integer(1, constant)
          .integer(2, 1)
          .bytes(9, new Uint8Array(4 * constant));
        const attribute = new WireWriter().text(1, 'value').message(5, tensor).integer(20, 4);
        body.message(7, new WireWriter().text(2, 'c').text(4, 'Constant').message(5, attribute));
        body.message(7, new WireWriter().text(1, 'x').text(1, 'c').text(2, 'y').text(4, 'Add'));
      } else {
        for (let at = 0; at < calls; at++) {
          const to = at === calls - 1 ? 'y' : `t${at}`;
          body.message(7, call(`F${level + 1}`, at === 0 ? 'x' : `t${at - 1}`, to));
        }
      }
      model.message(25, body.text(10, 'local'));
    }
    return model.finish();
  }

  it('whose functions grow by powers is refused before they are written out', () => {
    const before = process.memoryUsage().rss;
    expect(outcome(nestedFunctions(12, 9))).toMatch(/become more operators than any model has/);
    expect(outcome(nestedFunctions(15, 20))).toMatch(/become more operators than any model has/);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it('whose function has a large constant is written out with one of it', () => {
    const bytes = nestedFunctions(2, 4000, 250_000);
    const before = process.memoryUsage().rss;
    const { nodes } = new GraphIndex(readModel(bytes, 'test.onnx')).graph;
    expect(nodes.filter(({ opType }) => opType === 'Add')).toHaveLength(4000);
    expect(nodes.filter(({ opType }) => opType === 'Constant')).toHaveLength(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  it('whose calls hand large constants on is refused', () => {
    const constant = new WireWriter().integer(1, 250_000).integer(2, 1).bytes(9, new Uint8Array(1_000_000));
    const given = new WireWriter().text(1, 'weight').message(5, constant).integer(20, 4);
    const call = new WireWriter().text(1, 'x').text(2, 'y').text(4, 'F').message(5, given).text(7, 'local');
    const body = new WireWriter().text(1, 'F').text(4, 'x').text(5, 'y').text(10, 'local').text(6, 'weight');
    for (let at = 0; at < 1000; at++) {
      const taken = new WireWriter().text(1, 'value').text(21, 'weight').integer(20, 4);
      body.message(7, new WireWriter().text(2, `c${at}`).text(4, 'Constant').message(5, taken));
    }
    const model = new WireWriter().message(7, new WireWriter().message(1, call)).message(25, body);
    expect(outcome(model.finish())).toMatch(/become more bytes than any model has/);
  });

  it('with a long chain of constants ends, though its nodes have two ways to each', () => {
    const builder = new GraphBuilder();
    let tensor = builder.weight(8, 8);
    for (let step = 0; step < 20_000; step++) tensor = builder.add('Add', [tensor, tensor]);
    const out = builder.add('MatMul', [builder.input('x'), tensor]);
    expect(outcome(builder.bytes(out))).toBe(0);
  }, 120_000);

  it('with a long chain of element-wise operators ends', () => {
    const builder = new GraphBuilder();
    let tensor = builder.linear(builder.input('x'), 8, 8);
    for (let step = 0; step < 20_000; step++) tensor = builder.add('Relu', [tensor]);
    expect(outcome(builder.bytes(builder.linear(tensor, 8, 8)))).toBe(0);
  }, 120_000);
});
