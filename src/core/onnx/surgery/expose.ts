import type { AddressedFfn } from '../ffn/layers';
import type { FeatureTensor, Linear } from '../ffn/linear';
import { kindOf, roundedOutput } from '../ffn/operators';
import type { PreActivation } from '../ffn/preActivation';
import type { Ffn } from '../ffn/ffn';
import type { GraphIndex } from '../graph/graphIndex';
import { TensorType } from '../protobuf/model';
import type { Quantity } from '../site';
import { GraphEditor } from './graphEditor';

/** One quantity of one FFN that is wanted as an output. */
export interface WantedTensor {
  readonly ffn: AddressedFfn;
  readonly quantity: Quantity;
}

/** The graph outputs that carry wanted tensors. */
export interface ExposedTensors {
  /** The graph output that carries each wanted tensor, in their order. Several wanted tensors may share one. */
  readonly outputs: readonly string[];
  /** The graph outputs that say which rows belong to which token, by the name of the routing tensor. */
  readonly routing: ReadonlyMap<string, string>;
  /** The graph outputs that carry the further tensors, in their order. */
  readonly beside: readonly string[];
  /**
   * The first graph output where an empty sequence was asked for; null where none was, or the model's operator set has
   * none.
   */
  readonly sequence: string | null;
}

/** A model file that gives exactly the wanted tensors. */
export interface ExposedModel extends ExposedTensors {
  readonly bytes: Uint8Array;
}

/** Of the default operator set, the first version with SequenceEmpty. */
const FIRST_WITH_SEQUENCES = 11;

/** What a quantity of an FFN is made of. @returns null where the FFN has no such tensor. */
export function tensorOf(ffn: Ffn, quantity: Quantity): (PreActivation & { readonly scale: number }) | null {
  if (quantity === 'act') return { tensor: ffn.act, addedBias: null, scale: ffn.scale };
  if (quantity === 'up') return ffn.up && { ...ffn.up, scale: 1 };
  return (quantity === 'gate') === ffn.gated && ffn.gate ? { ...ffn.gate, scale: 1 } : null;
}

/** The quantities that can be exposed, `act` first. */
export function quantitiesOf(ffn: Ffn): Quantity[] {
  return (['act', 'pre', 'gate', 'up'] as const).filter((quantity) => tensorOf(ffn, quantity) !== null);
}

/**
 * Rewrites a model so that it computes the wanted tensors and nothing after them.
 * Every output is float32 with the neurons on the last axis.
 * @param renamed new names of the files that hold weights, by old name
 * @param beside further tensors that are wanted as outputs; of a projection, its matrix [in, out]
 * @param sequenceFirst asks for an empty sequence before all other outputs (src/runtime/onnxruntime/runInPlace.ts)
 */
export function exposeNeurons(
  index: GraphIndex,
  wanted: readonly WantedTensor[],
  renamed: ReadonlyMap<string, string> = new Map(),
  beside: readonly (FeatureTensor | Linear)[] = [],
  sequenceFirst = false,
): ExposedModel {
  const editor = new GraphEditor(index);
  const exposed = addExposure(editor, index, wanted, beside, sequenceFirst);
  return { ...exposed, bytes: editor.write(exposedNames(exposed), renamed) };
}

/** The names of all graph outputs, an empty sequence first. */
export function exposedNames({ outputs, routing, beside, sequence }: ExposedTensors): string[] {
  return [...new Set([...(sequence === null ? [] : [sequence]), ...outputs, ...routing.values(), ...beside])];
}

/** As `exposeNeurons`, in a graph that is under change: what is to be written is left to others. */
export function addExposure(
  editor: GraphEditor,
  index: GraphIndex,
  wanted: readonly WantedTensor[],
  beside: readonly (FeatureTensor | Linear)[] = [],
  sequenceFirst = false,
): ExposedTensors {
  const exposure = new Exposure(index, editor);
  const outputs = wanted.map(({ ffn, quantity }) => {
    const source = tensorOf(ffn.ffn, quantity);
    if (!source) throw new Error(`no tensor for ${quantity}`);
    return exposure.features(source, isFusedWithin(index, ffn.ffn) && quantity === 'act');
  });
  const routing = new Map<string, string>();
  for (const { ffn } of wanted) {
    const tensor = routingTensor(ffn);
    if (tensor !== null && !routing.has(tensor)) routing.set(tensor, exposure.asIs(tensor));
  }
  const others = beside.map((wanted) => {
    const tensor = 'node' in wanted ? exposure.matrixOf(wanted) : wanted;
    return exposure.features({ tensor, addedBias: null, scale: 1 }, false);
  });
  const hasSequences = index.opset >= FIRST_WITH_SEQUENCES;
  const sequence = sequenceFirst && hasSequences ? editor.add('SequenceEmpty', []) : null;
  return { outputs, routing, beside: others, sequence };
}

/** The tensor that ties an expert's rows to tokens, or null where every row is a token. */
export function routingTensor({ routing }: AddressedFfn): string | null {
  if (!routing) return null;
  return routing.kind === 'stacked' ? routing.weights : routing.rows;
}

/**
 * Whether onnxruntime fuses the whole activation into FastGelu only while its last tensor is no output
 * (docs/onnx.md, section 3): then the tensor leaves through a node of its own.
 */
function isFusedWithin(index: GraphIndex, ffn: Ffn): boolean {
  const operator = index.producer(ffn.act.name)?.opType;
  return ffn.activation === 'gelu_tanh' && !ffn.gated && operator !== 'Gelu' && operator !== 'FastGelu';
}

/** Inputs of MatMulNBits and MatMulBnb4: scales, in the type that is computed in, and a bias (ContribOperators.md). */
const PACKED_SCALES = 2;
const PACKED_BIAS = 5;

/** The nodes behind the wanted tensors that give them to a run as float32, neurons last. */
class Exposure {
  private readonly done = new Map<string, string>();
  private readonly half: boolean;

  constructor(
    private readonly index: GraphIndex,
    private readonly editor: GraphEditor,
  ) {
    this.half = [...index.graph.initializers.values()].some(
      ({ type }) => type === TensorType.float16 || type === TensorType.bfloat16,
    );
  }

  /** @param apart lets the tensor leave through a node of its own, whatever else it needs */
  features(source: PreActivation & { readonly scale: number }, apart: boolean): string {
    const { tensor, addedBias, scale } = source;
    const key = `${tensor.name} ${addedBias ?? ''} ${scale}`;
    const known = this.done.get(key);
    if (known !== undefined) return known;
    let name = this.asFloats(tensor.name);
    if (addedBias !== null) name = this.editor.add('Add', [name, addedBias]);
    if (this.half) name = this.editor.add('Cast', [name], { to: TensorType.float });
    if (scale !== 1)
      name = this.editor.add('Mul', [name, this.editor.constant(TensorType.float, [], [scale])]);
    name = this.featuresLast(name, tensor);
    if (name === tensor.name) name = apart ? this.editor.add('Identity', [name]) : this.asIs(name);
    this.done.set(key, name);
    return name;
  }

  /** Inputs and weights leave through a node of their own. */
  asIs(tensor: string): string {
    return this.index.producer(tensor) ? tensor : this.editor.add('Identity', [tensor]);
  }

  /** The matrix of a projection: its plain operand, or what its operator makes of the unit matrix. */
  matrixOf({ node, inFeatures, matrix }: Linear): FeatureTensor {
    if (matrix) return { name: matrix.operand, axis: -1, rank: null };
    const size = this.editor.constant(TensorType.int64, [2], [inFeatures, inFeatures]);
    const type = this.index.tensor(node.inputs[PACKED_SCALES] ?? '')?.type ?? TensorType.float;
    const ones = this.editor.add('EyeLike', [this.editor.add('ConstantOfShape', [size])]);
    const inputs = new Map([
      [node.inputs[0] ?? '', this.editor.add('Cast', [ones], { to: type })],
      [node.inputs[PACKED_BIAS] ?? '', ''],
    ]);
    return { name: this.editor.addCopy(node, inputs), axis: -1, rank: 2 };
  }

  /** A tensor that exists only as 8-bit integers, as the numbers that they stand for. */
  private asFloats(name: string): string {
    let producer = this.index.producer(name);
    while (producer && kindOf(producer) === 'reshape' && !producer.opType.includes('uantize')) {
      producer = this.index.producer(producer.inputs[0] ?? '');
    }
    const rounded = producer && roundedOutput(producer);
    return rounded ? this.editor.add('DequantizeLinear', [name, rounded.scale, rounded.zeroPoint]) : name;
  }

  /** Brings the neurons to the last axis. */
  private featuresLast(name: string, { axis, rank }: FeatureTensor): string {
    if (rank === null || axis === -1 || axis === rank - 1) return name;
    const from = axis < 0 ? axis + rank : axis;
    const order = [...Array(rank).keys()].filter((at) => at !== from);
    return this.editor.add('Transpose', [name], { perm: [...order, from] });
  }
}
