import { LensError } from '../../common/errors';
import { formatSite } from '../../common/neuronAddress';
import type { FeatureTensor } from '../ffn/linear';
import { roundedOutput } from '../ffn/operators';
import type { GraphIndex } from '../graph/graphIndex';
import type { LocatedSite } from '../modelAnalysis';
import { TensorType } from '../protobuf/model';
import type { Quantity } from '../site';
import { addExposure, exposedNames, tensorOf, type ExposedTensors } from './expose';
import { GraphEditor } from './graphEditor';

/** The inputs by which some neurons of one FFN are changed in a run. */
export interface ChangeableSite {
  /** [k] int64: the neurons, each once. */
  readonly neurons: string;
  /** [B, T, k] float32 each: the neurons become min(max(h · scale + shift, low), high). */
  readonly scale: string;
  readonly shift: string;
  readonly low: string;
  readonly high: string;
  /** Whether the inputs lie as [B, k, T]. */
  readonly tokensLast: boolean;
  /** What the graph holds of a neuron, times this, is its value. */
  readonly unit: number;
}

/** A whole model whose neurons each run may change. */
export interface ChangeableModel {
  readonly bytes: Uint8Array;
  /** In the order of the sites. */
  readonly sites: readonly ChangeableSite[];
  /** The sites' own neurons, which every run may tell as well; null unless asked for. */
  readonly told: ExposedTensors | null;
  /** [k] int64: the input that says of which tokens the head reads the stream; null where it reads all. */
  readonly readAt: string | null;
}

/** What else a model that can be changed is to do. */
export interface ChangeableWishes {
  /** New names of the files that hold weights, by old name. */
  readonly renamed?: ReadonlyMap<string, string>;
  /** Which of a neuron's tensors is changed; what enters the down projection where absent. */
  readonly quantity?: Quantity;
  /** Whether the neurons are to be outputs as well. */
  readonly tells?: boolean;
  /** [B, T, width] What the head reads: each run then says of which tokens, so that the others cost no unembedding. */
  readonly headInput?: string | null;
}

/** Of the default operator set: the first version with ScatterElements, and the first with CastLike. */
const FIRST_WITH_SCATTER = 11;
const FIRST_WITH_CAST_LIKE = 15;
/** Sizes that each run chooses. */
const ROWS = ['rows', 'tokens', 'neurons'];

/**
 * Rewires what enters the down projections of some FFNs, or one of the factors that it is made of, so that a run gives the
 * neurons that it changes and what becomes of them, for each row of a batch and each token. Neurons that no run names pass
 * untouched, bit for bit.
 * @param outputs what is to be computed
 * @throws LensError `unsupported-model` with the reason where the neurons cannot be changed
 */
export function makeChangeable(
  index: GraphIndex,
  sites: readonly LocatedSite[],
  outputs: readonly string[],
  { renamed = new Map(), quantity = 'act', tells = false, headInput = null }: ChangeableWishes = {},
): ChangeableModel {
  const editor = new GraphEditor(index);
  const changeable = sites.map((located, number) => {
    const reason = whyUnchangeable(index, located, quantity);
    if (reason === null) return new SiteRewiring(index, editor, located, quantity, number).rewire();
    throw new LensError(
      'unsupported-model',
      `The neurons of ${formatSite(located.site)} cannot be changed: ${reason}. Choose another layer or export.`,
    );
  });
  const wanted = sites.map(({ source }) => ({ ffn: source, quantity }));
  const told = tells ? addExposure(editor, index, wanted) : null;
  const names = [...outputs, ...(told ? exposedNames(told) : [])];
  const readAt = headInput === null ? null : editor.input('neuron_lens/read_at', TensorType.int64, ['read']);
  if (headInput !== null && readAt !== null) {
    editor.rewire(headInput, editor.add('Gather', [headInput, readAt], { axis: 1 }));
  }
  return { bytes: editor.write(names, renamed), sites: changeable, told, readAt };
}

/** What stands against changing the neurons of a site; null where nothing does. */
export function whyUnchangeable(
  index: GraphIndex,
  { site, source: { ffn } }: LocatedSite,
  quantity: Quantity = 'act',
): string | null {
  if (index.opset < FIRST_WITH_SCATTER) {
    return `operator set ${index.opset} has no ScatterElements; export it with ${FIRST_WITH_SCATTER} or higher`;
  }
  const source = tensorOf(ffn, quantity);
  if (!source) return `they have no ${quantity}, only ${site.quantities.join(', ')}`;
  if (source.addedBias !== null) return `a fused operator adds the bias of their ${quantity}`;
  const producer = index.producer(source.tensor.name);
  if (producer && roundedOutput(producer)) return 'they exist as 8-bit integers only';
  if (Math.abs(axisFromEnd(source.tensor)) > 2) return 'they lie on an axis that holds no tokens';
  return null;
}

function axisFromEnd({ axis, rank }: FeatureTensor): number {
  return axis >= 0 && rank !== null ? axis - rank : axis;
}

/** The operators that change the neurons of one site. */
class SiteRewiring {
  private readonly tensor: FeatureTensor;
  private readonly unit: number;
  private readonly axis: number;

  constructor(
    private readonly index: GraphIndex,
    private readonly editor: GraphEditor,
    private readonly located: LocatedSite,
    quantity: Quantity,
    private readonly number: number,
  ) {
    const { tensor, scale } = tensorOf(located.source.ffn, quantity)!;
    this.tensor = tensor;
    this.unit = scale;
    this.axis = axisFromEnd(tensor);
  }

  rewire(): ChangeableSite {
    const { editor, index, axis, tensor } = this;
    const named = (what: string): string => `neuron_lens/${what}_${this.number}`;
    const neurons = editor.input(named('neurons'), TensorType.int64, [`neurons_${this.number}`]);
    const shape = ROWS.map((size) => (size === 'neurons' ? `neurons_${this.number}` : size));
    const given = ['scale', 'shift', 'low', 'high'].map((what) =>
      editor.input(named(what), TensorType.float, shape),
    );
    const chosen = editor.add('Gather', [tensor.name, neurons], { axis });
    const before = editor.add('Cast', [chosen], { to: TensorType.float });
    const size = editor.add('Shape', [before]);
    const [scale, shift, low, high] = given.map((input) =>
      editor.add('Reshape', [this.alongRows(input, before), size]),
    );
    const moved = editor.add('Add', [editor.add('Mul', [before, scale!]), shift!]);
    const bounded = editor.add('Min', [editor.add('Max', [moved, low!]), high!]);
    const own = this.ofThisExpert(before, bounded, size);
    const typed = index.opset >= FIRST_WITH_CAST_LIKE ? editor.add('CastLike', [own, tensor.name]) : own;
    const places = editor.add('Expand', [this.alongAxis(neurons), size]);
    editor.rewire(tensor.name, editor.add('ScatterElements', [tensor.name, places, typed], { axis }));
    return {
      ...{ neurons, tokensLast: axis === -2, unit: this.unit },
      ...{ scale: given[0]!, shift: given[1]!, low: given[2]!, high: given[3]! },
    };
  }

  /** What is given as [B, T, k] for the rows that the tensor has: those of its tokens, or of the experts' tokens. */
  private alongRows(input: string, before: string): string {
    const { routing } = this.located.source;
    if (!routing) return input;
    const { editor } = this;
    const tokens = this.flat(input);
    if (routing.kind === 'gathered') return editor.add('Gather', [tokens, routing.rows], { axis: 0 });
    // Every token stands there as often as there are experts that it went to: one after another, or expert by expert.
    const count = editor.add('Div', [this.rowCount(this.flat(before)), this.rowCount(tokens)]);
    const one = this.numbers([1]);
    const width = this.lastSize(input);
    const [spread, repeats] =
      routing.kind === 'picked'
        ? [
            [this.numbers([-1]), one, width],
            [one, count, one],
          ]
        : [
            [one, this.numbers([-1]), width],
            [count, one, one],
          ];
    const apart = editor.add('Reshape', [tokens, editor.add('Concat', spread, { axis: 0 })]);
    return this.flat(editor.add('Tile', [apart, editor.add('Concat', repeats, { axis: 0 })]));
  }

  /** The changed values in the rows of the site's own expert, what was there in those of others. */
  private ofThisExpert(before: string, changed: string, size: string): string {
    const { routing, address } = this.located.source;
    if (!routing || routing.kind === 'gathered') return changed;
    const { editor } = this;
    const rows = this.rowCount(this.flat(before));
    const experts =
      routing.kind === 'picked'
        ? editor.add('Cast', [editor.add('Reshape', [routing.rows, this.numbers([-1])])], {
            to: TensorType.int64,
          })
        : this.expertOfRows(rows, routing.experts);
    const own = editor.add('Equal', [experts, this.numbers([address.expert ?? 0])]);
    const column = editor.add('Reshape', [own, this.numbers([-1, 1])]);
    return editor.add('Reshape', [
      editor.add('Where', [column, this.flat(changed), this.flat(before)]),
      size,
    ]);
  }

  /** [rows] the expert of each row, where each expert has as many in a row. */
  private expertOfRows(rows: string, experts: number): string {
    const scalar = (name: string): string => this.editor.add('Squeeze', [name]);
    const numbers = this.editor.add('Range', [
      this.editor.constant(TensorType.int64, [], [0]),
      scalar(rows),
      this.editor.constant(TensorType.int64, [], [1]),
    ]);
    const each = this.editor.add('Div', [rows, this.numbers([experts])]);
    return this.editor.add('Div', [numbers, each]);
  }

  /** [rows, k] of a tensor whose last axis holds neurons. */
  private flat(name: string): string {
    const shape = this.editor.add('Concat', [this.numbers([-1]), this.lastSize(name)], { axis: 0 });
    return this.editor.add('Reshape', [name, shape]);
  }

  private lastSize(name: string): string {
    return this.editor.add('Gather', [this.editor.add('Shape', [name]), this.numbers([-1])]);
  }

  private rowCount(flat: string): string {
    return this.editor.add('Gather', [this.editor.add('Shape', [flat]), this.numbers([0])]);
  }

  /** Numbers of neurons as they lie along their axis: [k], or [k, 1] before the tokens. */
  private alongAxis(neurons: string): string {
    if (this.axis === -1) return neurons;
    return this.editor.add('Reshape', [neurons, this.numbers([-1, 1])]);
  }

  private numbers(values: readonly number[]): string {
    return this.editor.constant(TensorType.int64, [values.length], values);
  }
}
