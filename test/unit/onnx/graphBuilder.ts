import {
  makeInput,
  makeNode,
  makeOutput,
  makeTensor,
  type NewAttributes,
} from '../../../src/core/onnx/protobuf/makeElements';
import type {
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from '../../../src/core/onnx/protobuf/model';
import { readModel } from '../../../src/core/onnx/protobuf/readModel';
import { writeModel } from '../../../src/core/onnx/protobuf/writeModel';
import { WireWriter } from '../../../src/core/onnx/protobuf/wireWriter';

/** Builds small graphs operator by operator; every call gives the name of its output. */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly initializers = new Map<string, OnnxTensor>();
  private readonly inputs: OnnxValue[] = [];

  /** @param shape with one it can be run, and without it only be read */
  input(name: string, shape: readonly (number | string)[] | null = null, type = 1): string {
    this.inputs.push(shape ? makeInput(name, type, shape) : makeOutput(name));
    return name;
  }

  weight(...dims: number[]): string {
    const count = dims.reduce((product, size) => product * size, 1);
    const values = Array.from({ length: count }, (_, at) => Math.sin(at + 1) / 4);
    return this.constant(dims, values);
  }

  constant(dims: readonly number[], values: readonly number[], type: 1 | 7 = 1): string {
    const name = `constant${this.initializers.size}`;
    this.initializers.set(name, makeTensor(name, type, dims, values));
    return name;
  }

  add(opType: string, inputs: readonly string[], attributes: NewAttributes = {}, domain = ''): string {
    const output = `${opType}${this.nodes.length}`;
    this.nodes.push(makeNode(opType, inputs, [output], attributes, domain));
    return output;
  }

  /** A node with names of its own, for graphs that no exporter writes. */
  raw(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: NewAttributes = {},
  ): void {
    this.nodes.push(makeNode(opType, inputs, outputs, attributes));
  }

  linear(x: string, from: number, to: number): string {
    return this.add('Add', [this.add('MatMul', [x, this.weight(from, to)]), this.weight(to)]);
  }

  norm(x: string, width: number): string {
    return this.add('LayerNormalization', [x, this.weight(width), this.weight(width)]);
  }

  bytes(output: string): Uint8Array {
    const opset = new WireWriter().message(8, new WireWriter().text(1, '').integer(2, 17));
    const header = [new WireWriter().integer(1, 8).finish(), opset.finish()];
    const graph: OnnxGraph = {
      nodes: this.nodes,
      initializers: this.initializers,
      inputs: this.inputs,
      outputs: [makeOutput(output)],
      values: [],
    };
    return writeModel({ graph, functions: [], opsets: new Map(), header }, graph);
  }

  model(output: string): OnnxModel {
    return readModel(this.bytes(output), 'test.onnx');
  }
}
