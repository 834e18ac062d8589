import { loadSources } from './sources.mjs';

const { makeInput, makeNode, makeTensor, writeModel, WireWriter } = await loadSources('scale-model', {
  'src/core/onnx/protobuf/makeElements': ['makeInput', 'makeNode', 'makeTensor'],
  'src/core/onnx/protobuf/writeModel': ['writeModel'],
  'src/core/onnx/protobuf/wireWriter': ['WireWriter'],
});

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;
const HEAD_WIDTH = 64;
const EPSILON = 1e-5;
const OPSET = 17;
const IR_VERSION = 8;

/** A Llama with random weights, built operator by operator; every step gives the name of its output. */
export class LlamaGraph {
  /** Longest sequence. */
  positions = 2048;
  parameters = 0;
  nodes = [];
  initializers = new Map();
  random = uniform(1);

  /** @param {{ layers: number, neurons: number, width: number, vocabulary: number }} size neurons are of one layer */
  constructor(size) {
    this.size = size;
    this.heads = size.width / HEAD_WIDTH;
    this.keyHeads = this.heads % 3 === 0 ? this.heads / 3 : this.heads;
    this.scale = this.number(1 / Math.sqrt(HEAD_WIDTH));
    this.two = this.number(2);
    this.epsilon = this.number(EPSILON);
    const embedding = this.weight(size.vocabulary, size.width, 1);
    const [turn, bias] = this.positionsAndMask();
    let stream = this.add('Gather', [embedding, 'input_ids']);
    for (let layer = 0; layer < size.layers; layer++) {
      stream = this.add('Add', [stream, this.attention(this.norm(stream), turn, bias)]);
      stream = this.add('Add', [stream, this.feedForward(this.norm(stream))]);
    }
    const head = this.add('Transpose', [embedding], { perm: [1, 0] });
    this.nodes.push(makeNode('MatMul', [this.norm(stream), head], ['logits']));
  }

  /** The model file. */
  bytes() {
    const opset = new WireWriter().message(8, new WireWriter().text(1, '').integer(2, OPSET));
    const header = [new WireWriter().integer(1, IR_VERSION).finish(), opset.finish()];
    const text = ['batch', 'sequence'];
    const graph = {
      nodes: this.nodes,
      initializers: this.initializers,
      inputs: ['input_ids', 'attention_mask'].map((name) => makeInput(name, INT64, text)),
      outputs: [makeInput('logits', FLOAT, [...text, this.size.vocabulary])],
      values: [],
    };
    return writeModel({ graph, functions: [], opsets: new Map(), header }, graph);
  }

  /** Cosines and sines of the positions, and what is added to the scores of positions that may not be seen. */
  positionsAndMask() {
    const length = this.add('Gather', [this.add('Shape', ['input_ids']), this.integers([], [1])]);
    const at = this.add('Range', [this.integers([], [0]), length, this.integers([], [1])]);
    const [column, row] = [1, 0].map((axis) => this.add('Unsqueeze', [at, this.integers([1], [axis])]));
    const earlier = this.add('LessOrEqual', [row, column]);
    const real = this.add('Cast', ['attention_mask'], { to: BOOL });
    const seen = this.add('And', [earlier, this.add('Unsqueeze', [real, this.integers([2], [1, 2])])]);
    const bias = this.add('Where', [seen, this.number(0), this.number(-1e9)]);
    const turn = [Math.cos, Math.sin].map((of) => this.add('Gather', [this.angles(of), at]));
    return [turn, bias];
  }

  attention(x, turn, bias) {
    const { width } = this.size;
    const keyWidth = this.keyHeads * HEAD_WIDTH;
    const query = this.turned(this.split(this.linear(x, width, width), this.heads), turn);
    const key = this.repeated(this.turned(this.split(this.linear(x, width, keyWidth), this.keyHeads), turn));
    const values = this.repeated(this.split(this.linear(x, width, keyWidth), this.keyHeads));
    const turnedKey = this.add('Transpose', [key], { perm: [0, 1, 3, 2] });
    const scores = this.add('Mul', [this.add('MatMul', [query, turnedKey]), this.scale]);
    const weights = this.add('Softmax', [this.add('Add', [scores, bias])], { axis: -1 });
    const mixed = this.add('Transpose', [this.add('MatMul', [weights, values])], {
      perm: [0, 2, 1, 3],
    });
    const joined = this.add('Reshape', [mixed, this.integers([3], [0, 0, width])]);
    return this.linear(joined, width, width);
  }

  feedForward(x) {
    const { width, neurons } = this.size;
    const gate = this.linear(x, width, neurons);
    const silu = this.add('Mul', [gate, this.add('Sigmoid', [gate])]);
    return this.linear(this.add('Mul', [silu, this.linear(x, width, neurons)]), neurons, width);
  }

  norm(x) {
    const square = this.add('Pow', [x, this.two]);
    const mean = this.add('ReduceMean', [square], { axes: [-1], keepdims: 1 });
    const root = this.add('Sqrt', [this.add('Add', [mean, this.epsilon])]);
    return this.add('Mul', [this.add('Div', [x, root]), this.ones(this.size.width)]);
  }

  /** [batch, sequence, heads · 64] → [batch, heads, sequence, 64] */
  split(x, heads) {
    const apart = this.add('Reshape', [x, this.integers([4], [0, 0, heads, HEAD_WIDTH])]);
    return this.add('Transpose', [apart], { perm: [0, 2, 1, 3] });
  }

  /** Rotary positions: the halves of each head turned by the position's angles. */
  turned(x, [cosine, sine]) {
    const slice = (from, to) =>
      this.add('Slice', [
        x,
        this.integers([1], [from]),
        this.integers([1], [to]),
        this.integers([1], [3]),
        this.integers([1], [1]),
      ]);
    const half = HEAD_WIDTH / 2;
    const swapped = this.add('Concat', [this.add('Neg', [slice(half, HEAD_WIDTH)]), slice(0, half)], {
      axis: -1,
    });
    return this.add('Add', [this.add('Mul', [x, cosine]), this.add('Mul', [swapped, sine])]);
  }

  /** Keys and values of the few heads for all queries: [batch, keyHeads, …] → [batch, heads, …] */
  repeated(x) {
    const times = this.heads / this.keyHeads;
    if (times === 1) return x;
    const apart = this.add('Unsqueeze', [x, this.integers([1], [2])]);
    const copies = this.add('Expand', [apart, this.integers([5], [1, 1, times, 1, 1])]);
    return this.add('Reshape', [copies, this.integers([4], [0, this.heads, -1, HEAD_WIDTH])]);
  }

  linear(x, from, to) {
    return this.add('MatMul', [x, this.weight(from, to, from)]);
  }

  add(operator, inputs, attributes = {}) {
    const output = `${operator}_${this.nodes.length}`;
    this.nodes.push(makeNode(operator, inputs, [output], attributes));
    return output;
  }

  /** Uniform numbers of variance 1 / fanIn, so that every layer keeps the size of what goes through it. */
  weight(rows, columns, fanIn) {
    const limit = Math.sqrt(3 / fanIn);
    const numbers = new Float32Array(rows * columns);
    for (let i = 0; i < numbers.length; i++) numbers[i] = limit * this.random();
    this.parameters += numbers.length;
    return this.floats([rows, columns], numbers);
  }

  ones(length) {
    this.parameters += length;
    return this.floats([length], new Float32Array(length).fill(1));
  }

  /** [positions, 64] an angle's cosine or sine, the same for both halves of a head */
  angles(of) {
    const half = HEAD_WIDTH / 2;
    return this.floats(
      [this.positions, HEAD_WIDTH],
      Float32Array.from({ length: this.positions * HEAD_WIDTH }, (_, i) =>
        of(Math.floor(i / HEAD_WIDTH) * 10_000 ** (-(i % half) / half)),
      ),
    );
  }

  number(number) {
    return this.floats([], Float32Array.of(number));
  }

  /** A constant as the bytes of its elements: TensorProto with dims, data_type, name, raw_data. */
  floats(dims, numbers) {
    const name = `constant_${this.initializers.size}`;
    const writer = new WireWriter();
    for (const dim of dims) writer.integer(1, dim);
    writer.integer(2, FLOAT).text(8, name).bytes(9, new Uint8Array(numbers.buffer));
    this.initializers.set(name, { name, dims, type: FLOAT, bytes: writer.finish(), external: null });
    return name;
  }

  integers(dims, numbers) {
    const name = `constant_${this.initializers.size}`;
    this.initializers.set(name, makeTensor(name, INT64, dims, numbers));
    return name;
  }
}

/** Repeatable numbers in [−1, 1): mulberry32 of a seed. */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}
