import { namesRead } from '../graph/namesRead';
import { renameNode } from '../graph/renameNode';
import type { GraphIndex } from '../graph/graphIndex';
import {
  makeInput,
  makeNode,
  makeOutput,
  makeTensor,
  relocateTensor,
  type NewAttributes,
} from '../protobuf/makeElements';
import type { OnnxGraph, OnnxNode, OnnxTensor, OnnxValue, TensorType } from '../protobuf/model';
import { writeModel } from '../protobuf/writeModel';
import { ancestorsOf, cutGraph } from './cutGraph';

/**
 * A graph under change: operators, constants and inputs that are added to it, and tensors that are read in the place of
 * others. The indexed graph itself stays as it is.
 */
export class GraphEditor {
  private nodes: OnnxNode[];
  private readonly initializers: Map<string, OnnxTensor>;
  private readonly inputs: OnnxValue[];
  private readonly taken: Set<string>;
  private named = 0;

  constructor(private readonly index: GraphIndex) {
    const { nodes, initializers, inputs } = index.graph;
    this.nodes = [...nodes];
    this.initializers = new Map(initializers);
    this.inputs = [...inputs];
    this.taken = new Set([
      ...initializers.keys(),
      ...inputs.map(({ name }) => name),
      ...nodes.flatMap(({ outputs }) => outputs),
    ]);
  }

  /** Adds an operator. @returns the name of its output */
  add(opType: string, inputs: readonly string[], attributes: NewAttributes = {}, domain = ''): string {
    const output = this.newName(opType);
    this.nodes.push(makeNode(opType, inputs, [output], attributes, domain));
    return output;
  }

  /**
   * Adds an operator like another one that reads other tensors.
   * @param inputs new names by old name; an empty one leaves the input out
   * @returns the name of its first output
   */
  addCopy(node: OnnxNode, inputs: ReadonlyMap<string, string>): string {
    const outputs = new Map(
      node.outputs.map((name) => [name, name === '' ? '' : this.newName(node.opType)] as const),
    );
    const rename = (name: string): string => outputs.get(name) ?? inputs.get(name) ?? name;
    const copy = renameNode(node, { rename, attribute: () => null });
    this.nodes.push(copy);
    return copy.outputs[0] ?? '';
  }

  /** Adds a constant. @returns its name */
  constant(
    type: typeof TensorType.float | typeof TensorType.int64,
    dims: readonly number[],
    values: readonly number[],
  ): string {
    const name = this.newName('constant');
    this.initializers.set(name, makeTensor(name, type, dims, values));
    return name;
  }

  /**
   * Adds an input that every run is to give a value to.
   * @param name wanted; another one where a tensor has it already
   * @param type of its elements, of `TensorType`
   * @param shape a symbol stands for a size that each run may choose; null: of any
   * @returns its name
   */
  input(name: string, type: number, shape: readonly (number | string)[] | null): string {
    const free = this.taken.has(name) ? this.newName(name) : name;
    this.taken.add(free);
    this.inputs.push(makeInput(free, type, shape));
    return free;
  }

  /**
   * From now on reads one tensor in the place of another, but in the operators that the new one is computed from. A graph
   * output of the old name keeps the old values.
   * @param readers the operators that are to do so; all where absent
   */
  rewire(from: string, to: string, readers?: readonly OnnxNode[]): void {
    const before = ancestorsOf(this.nodes, [to]);
    const meant = readers && new Set(readers.flatMap(({ outputs }) => outputs));
    const rename = (name: string): string => (name === from ? to : name);
    this.nodes = this.nodes.map((node) => {
      const isMeant = !meant || node.outputs.some((name) => meant.has(name));
      if (!isMeant || before.has(node) || !namesRead(node).includes(from)) return node;
      return renameNode(node, { rename, attribute: () => null });
    });
  }

  /**
   * The model file that computes some tensors as its outputs, in their order, and nothing else.
   * @param renamed new names of the files that hold weights, by old name
   */
  write(outputs: readonly string[], renamed: ReadonlyMap<string, string> = new Map()): Uint8Array {
    const { graph, model } = this.index;
    const edited: OnnxGraph = {
      ...graph,
      nodes: this.nodes,
      initializers: this.initializers,
      inputs: this.inputs,
    };
    const cut = cutGraph(edited, outputs.map(makeOutput));
    const initializers = new Map(
      [...cut.initializers].map(([name, tensor]) => [name, relocated(tensor, renamed)] as const),
    );
    return writeModel(model, { ...cut, initializers });
  }

  private newName(of: string): string {
    let name: string;
    do name = `neuron_lens/${of}_${this.named++}`;
    while (this.taken.has(name));
    this.taken.add(name);
    return name;
  }
}

function relocated(tensor: OnnxTensor, renamed: ReadonlyMap<string, string>): OnnxTensor {
  const { external } = tensor;
  const location = external ? renamed.get(external.location) : undefined;
  return external && location !== undefined ? relocateTensor(tensor, { ...external, location }) : tensor;
}
