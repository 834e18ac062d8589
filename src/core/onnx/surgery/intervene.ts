import { LensError } from '../../common/errors';
import { formatSite } from '../../common/neuronAddress';
import { roundedOutput } from '../ffn/operators';
import type { GraphIndex } from '../graph/graphIndex';
import type { LocatedSite } from '../modelAnalysis';
import { TensorType } from '../protobuf/model';
import { GraphEditor } from './graphEditor';

/** The inputs and the output by which some neurons of one FFN are changed in a run. */
export interface ChangeableSite {
  /** [k] int64: the neurons, each once. */
  readonly neurons: string;
  /** [B, T, k] float32 each: the neurons become min(max(h · scale + shift, low), high). */
  readonly scale: string;
  readonly shift: string;
  readonly low: string;
  readonly high: string;
  /** The output that holds these neurons' values before the change, laid out as the inputs are. */
  readonly before: string;
  /** Whether inputs and output lie as [B, k, T]. */
  readonly tokensLast: boolean;
  /** What the graph holds of a neuron, times this, is its activation. */
  readonly unit: number;
}

/** A whole model whose neurons each run may change. */
export interface ChangeableModel {
  readonly bytes: Uint8Array;
  /** In the order of the sites. */
  readonly sites: readonly ChangeableSite[];
}

/** Of the default operator set: the first version with ScatterElements, and the first with CastLike. */
const FIRST_WITH_SCATTER = 11;
const FIRST_WITH_CAST_LIKE = 15;
/** Sizes that each run chooses. */
const ROWS = ['rows', 'tokens', 'neurons'];

/**
 * Rewires what enters the down projections of some FFNs, so that a run gives the neurons that it changes and what becomes
 * of them, for each row of a batch and each token. Neurons that no run names pass untouched, bit for bit.
 * @param outputs what is to be computed
 * @param renamed new names of the files that hold weights, by old name
 * @throws LensError `unsupported-model` with the reason where the neurons cannot be changed
 */
export function makeChangeable(
  index: GraphIndex,
  sites: readonly LocatedSite[],
  outputs: readonly string[],
  renamed: ReadonlyMap<string, string> = new Map(),
): ChangeableModel {
  const editor = new GraphEditor(index);
  const changeable = sites.map((located, number) => {
    const reason = whyUnchangeable(index, located);
    if (reason === null) return rewireSite(index, editor, located, number);
    throw new LensError(
      'unsupported-model',
      `The neurons of ${formatSite(located.site)} cannot be changed: ${reason}. Choose another layer or export.`,
    );
  });
  const before = changeable.map((site) => site.before);
  return { bytes: editor.write([...outputs, ...before], renamed), sites: changeable };
}

/** What stands against changing the neurons of a site; null where nothing does. */
export function whyUnchangeable(index: GraphIndex, { source: { ffn, routing } }: LocatedSite): string | null {
  if (index.opset < FIRST_WITH_SCATTER) {
    return `operator set ${index.opset} has no ScatterElements; export it with ${FIRST_WITH_SCATTER} or higher`;
  }
  if (routing && routing.kind !== 'gathered') {
    return 'its experts are computed in one tensor, and the router decides while it runs which rows are whose';
  }
  const producer = index.producer(ffn.act.name);
  if (producer && roundedOutput(producer)) return 'they exist as 8-bit integers only';
  if (Math.abs(axisFromEnd(ffn.act.axis, ffn.act.rank)) > 2)
    return 'they lie on an axis that holds no tokens';
  return null;
}

function axisFromEnd(axis: number, rank: number | null): number {
  return axis >= 0 && rank !== null ? axis - rank : axis;
}

function rewireSite(
  index: GraphIndex,
  editor: GraphEditor,
  { source: { ffn, routing } }: LocatedSite,
  number: number,
): ChangeableSite {
  const act = ffn.act.name;
  const axis = axisFromEnd(ffn.act.axis, ffn.act.rank);
  const named = (what: string): string => `neuron_lens/${what}_${number}`;
  const neurons = editor.input(named('neurons'), TensorType.int64, [`neurons_${number}`]);
  const shape = ROWS.map((size) => (size === 'neurons' ? `neurons_${number}` : size));
  const given = ['scale', 'shift', 'low', 'high'].map((what) =>
    editor.input(named(what), TensorType.float, shape),
  );
  const chosen = editor.add('Gather', [act, neurons], { axis });
  const before = editor.add('Cast', [chosen], { to: TensorType.float });
  const size = editor.add('Shape', [before]);
  const [scale, shift, low, high] = given.map((input) =>
    editor.add('Reshape', [
      routing?.kind === 'gathered' ? rowsOfExpert(editor, input, routing.rows) : input,
      size,
    ]),
  );
  const moved = editor.add('Add', [editor.add('Mul', [before, scale!]), shift!]);
  const bounded = editor.add('Min', [editor.add('Max', [moved, low!]), high!]);
  const typed = index.opset >= FIRST_WITH_CAST_LIKE ? editor.add('CastLike', [bounded, act]) : bounded;
  const places = editor.add('Expand', [alongAxis(editor, neurons, axis), size]);
  editor.rewire(act, editor.add('ScatterElements', [act, places, typed], { axis }));
  return {
    ...{ neurons, before, tokensLast: axis === -2, unit: ffn.scale },
    ...{ scale: given[0]!, shift: given[1]!, low: given[2]!, high: given[3]! },
  };
}

/** The rows of [B, T, k] that were sent to an expert, by their numbers. */
function rowsOfExpert(editor: GraphEditor, input: string, rows: string): string {
  const last = editor.add('Gather', [
    editor.add('Shape', [input]),
    editor.constant(TensorType.int64, [1], [2]),
  ]);
  const flat = editor.add('Concat', [editor.constant(TensorType.int64, [1], [-1]), last], { axis: 0 });
  return editor.add('Gather', [editor.add('Reshape', [input, flat]), rows], { axis: 0 });
}

/** Numbers of neurons as they lie along their axis: [k], or [k, 1] before the tokens. */
function alongAxis(editor: GraphEditor, neurons: string, axis: number): string {
  if (axis === -1) return neurons;
  return editor.add('Reshape', [neurons, editor.constant(TensorType.int64, [2], [-1, 1])]);
}
