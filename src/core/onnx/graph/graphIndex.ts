import { tensorNumbers } from '../protobuf/tensorNumbers';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from '../protobuf/model';
import { inlineFunctions } from './inlineFunctions';
import { namesRead } from './namesRead';
import { sortNodes } from './sortNodes';
import { takeBranches } from './takeBranches';

/** Who makes and who reads each tensor of a model's main graph, once its functions and branches are laid flat. */
export class GraphIndex {
  readonly model: OnnxModel;
  private readonly producers = new Map<string, OnnxNode>();
  private readonly readers = new Map<string, OnnxNode[]>();
  private readonly positions = new Map<OnnxNode, number>();
  private readonly constants = new Set<string>();

  /** @param cached of a merged decoder: takes the branch that goes on from a cache, in the place of the first pass's */
  constructor(model: OnnxModel, cached = false) {
    const flat = takeBranches(inlineFunctions(model), cached);
    this.model = { ...flat, graph: { ...flat.graph, nodes: sortNodes(flat.graph.nodes) } };
    for (const name of this.graph.initializers.keys()) this.constants.add(name);
    this.graph.nodes.forEach((node, position) => {
      this.positions.set(node, position);
      if (namesRead(node).every((name) => this.constants.has(name))) {
        for (const output of node.outputs) this.constants.add(output);
      }
      for (const output of node.outputs) if (output !== '') this.producers.set(output, node);
      for (const input of new Set(namesRead(node))) {
        const readers = this.readers.get(input);
        if (readers) readers.push(node);
        else this.readers.set(input, [node]);
      }
    });
  }

  get graph(): OnnxGraph {
    return this.model.graph;
  }

  /** Version of the standard operator set. */
  get opset(): number {
    return this.model.opsets.get('') ?? 0;
  }

  producer(tensor: string): OnnxNode | undefined {
    return this.producers.get(tensor);
  }

  consumers(tensor: string): readonly OnnxNode[] {
    return this.readers.get(tensor) ?? [];
  }

  /** Place of a node in the graph, which lists nodes after those that they read. */
  position(node: OnnxNode): number {
    return this.positions.get(node) ?? -1;
  }

  /** Whether a tensor depends on no input of the model. */
  isConstant(name: string): boolean {
    return this.constants.has(name);
  }

  /** The initialiser or `Constant` node behind a name, if it is one. */
  tensor(name: string): OnnxTensor | null {
    const initializer = this.graph.initializers.get(name);
    if (initializer) return initializer;
    const producer = this.producers.get(name);
    return producer?.opType === 'Constant' ? (producer.attributes.get('value')?.tensor ?? null) : null;
  }

  /** The numbers of a small constant, whichever way it is written down; null where `name` is none. */
  numbers(name: string, limit = 4096): number[] | null {
    const tensor = this.tensor(name);
    if (tensor) return tensorNumbers(tensor, limit);
    const producer = this.producers.get(name);
    if (producer?.opType !== 'Constant') return null;
    const { attributes } = producer;
    const single = attributes.get('value_float')?.float ?? attributes.get('value_int')?.integer ?? null;
    if (single !== null) return [single];
    const integers = attributes.get('value_ints')?.integers;
    return integers ? [...integers] : null;
  }

  /**
   * The nodes that the given tensors are computed from, nearest first.
   * @param most stop at so many
   */
  ancestors(tensors: Iterable<string>, most = Infinity): Set<OnnxNode> {
    const found = new Set<OnnxNode>();
    const open = [...tensors];
    for (let at = 0; at < open.length && found.size < most; at++) {
      const node = this.producers.get(open[at] ?? '');
      if (!node || found.has(node)) continue;
      found.add(node);
      for (const name of namesRead(node)) open.push(name);
    }
    return found;
  }
}
