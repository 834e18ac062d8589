import type { GraphIndex } from '../graph/graphIndex';
import type { ActivationFunction } from '../site';
import type { OnnxNode } from '../protobuf/model';
import { ACTIVATION_FORMULAS, nameActivation, PROBES } from './activationFunction';
import { evaluate } from './evaluate';
import type { FeatureTensor, Linear } from './linear';
import { linearOf } from './linearOf';
import { preActivation, type PreActivation } from './preActivation';
import { joinsResidual } from './residual';
import { traceProjections, type Root, type Trace } from './trace';
import { beforeReshapes } from './reshapes';

/** One feed-forward block: two projections (three where gated) with element-wise work between them. */
export interface Ffn {
  readonly down: Linear;
  /** What enters the down projection; the neurons are `scale` times this tensor. */
  readonly act: FeatureTensor;
  readonly scale: number;
  /** The pre-activation of a plain FFN, the gate of a gated one. Null where a fused operator swallows it. */
  readonly gate: PreActivation | null;
  /** The second factor of a gated FFN. */
  readonly up: PreActivation | null;
  readonly gated: boolean;
  readonly packed: boolean;
  readonly activation: ActivationFunction;
  readonly dModel: number;
  readonly dFf: number;
  /** The tensor that the up projection reads, reshaping undone. */
  readonly input: FeatureTensor;
  /** The projections that make the neurons, gate first. */
  readonly roots: readonly Root[];
  readonly trace: Trace;
  /** Whether the activations are the named function of the gate (times up), and nothing more. */
  readonly exact: boolean;
  /** Whether its output is added to its input. */
  readonly residual: boolean;
}

/** @returns the FFN whose down projection `down` is, or null. */
export function ffnOf(index: GraphIndex, down: Linear): Ffn | null {
  const dFf = down.inFeatures;
  const act = beforeReshapes(index, down.input, dFf);
  const trace = traceProjections(index, act, dFf, down.weight.pickedBy);
  if (!trace || trace.roots.length === 0) return null;
  const joined = rootsOfOneInput(index, trace.roots);
  if (!joined) return null;
  const { input } = joined;
  const roots = [...joined.roots].sort((a, b) => placeOf(index, a) - placeOf(index, b));
  const [first] = roots;
  if (!first || roots.length > 2 || !widthsFit(roots, down)) return null;
  const gate = roots.find((root) => root.activated) ?? first;
  const up = roots.find((root) => root !== gate) ?? null;
  const gateBefore = preActivation(index, gate, trace);
  const upBefore = up && preActivation(index, up, trace);
  const name = (target: string): ActivationFunction | null =>
    activationOf(index, trace, { target, scale: down.scale }, gate, gateBefore, upBefore);
  // A norm of powers (PolyNorm) is an activation function of its own.
  const activation =
    name(trace.normalised ?? act.name) ?? (trace.statistics.length > 1 ? name(act.name) : null);
  if (!activation) return null;
  const swallowed = gate.linear.activation !== null;
  const exact =
    trace.normalised === null &&
    ![...trace.nodes].some((node) => node.opType === 'Clip' || isLearnedScale(index, node)) &&
    isExactly(
      activation,
      up !== null,
      applied(index, trace, { target: act.name, scale: down.scale }, gateBefore, upBefore),
    );
  return {
    down,
    act,
    scale: down.scale,
    gate: swallowed ? null : gateBefore,
    up: upBefore,
    gated: up !== null,
    packed: up !== null && gate.half !== null,
    activation,
    dModel: down.outFeatures,
    dFf,
    input,
    roots: up ? [gate, up] : [gate],
    trace,
    exact,
    residual: joinsResidual(index, down.output.name, input.name),
  };
}

/** Order in which projections are computed, gate before up where nothing else tells them apart. */
function placeOf(index: GraphIndex, { linear, half }: Root): number {
  return index.position(linear.node) + (half?.index ?? 0) / 2;
}

/** The roots that read the same tensor. A root that reads another root's kind of by-product (LoRA) is folded away. */
function rootsOfOneInput(
  index: GraphIndex,
  roots: readonly Root[],
): { roots: Root[]; input: FeatureTensor } | null {
  const inputs = roots.map((root) => beforeReshapes(index, root.linear.input));
  const sourceOf = (position: number): string => {
    const input = inputs[position];
    const node = input && index.producer(input.name);
    const branch = node && linearOf(index, node);
    return branch ? beforeReshapes(index, branch.input).name : '';
  };
  const names = new Set(inputs.map((input) => input.name));
  const main = roots.filter((_, position) => !names.has(sourceOf(position)));
  const [input] = inputs.filter((_, position) => main.includes(roots[position]!));
  if (!input) return null;
  const shared = main.every((root) => beforeReshapes(index, root.linear.input).name === input.name);
  return shared ? { roots: main, input } : null;
}

function widthsFit(roots: readonly Root[], down: Linear): boolean {
  return roots.every(({ linear, half }) => {
    const enough = half ? linear.outFeatures >= 2 * down.inFeatures : linear.outFeatures === down.inFeatures;
    return enough && linear.inFeatures === down.outFeatures;
  });
}

/** Names the function between the projections; null where there is none, so that this is no FFN. */
function activationOf(
  index: GraphIndex,
  trace: Trace,
  { target, scale }: { readonly target: string; readonly scale: number },
  gate: Root,
  gateBefore: PreActivation,
  up: PreActivation | null,
): ActivationFunction | null {
  const apply = applied(index, trace, { target, scale }, gateBefore, up);
  if (!up) {
    if (gate.linear.activation !== null) return fusedActivation(gate.linear.activation);
    const name = nameActivation((x) => apply(x, 1), false);
    return name === 'bilinear' || (name === 'other' && !gate.activated && isStraight(apply)) ? null : name;
  }
  if (gate.activated) return nameActivation((x) => apply(x, 1), true);
  return isProduct(apply) ? 'bilinear' : null;
}

/** A tensor between the projections as a function of one neuron's gate and up. */
function applied(
  index: GraphIndex,
  trace: Trace,
  { target, scale }: { readonly target: string; readonly scale: number },
  gate: PreActivation,
  up: PreActivation | null,
): Apply {
  return (x, y) => {
    const given = new Map(trace.roots.map((root) => [root.linear.output.name, 0]));
    for (const statistic of trace.statistics) given.set(statistic, 1);
    given.set(gate.tensor.name, x);
    if (up) given.set(up.tensor.name, y);
    const value = evaluate(index, target, given);
    return value === null ? null : value * scale;
  };
}

/** A factor with an entry for each neuron (IA3), which is none of the activation function's own numbers. */
function isLearnedScale(index: GraphIndex, { opType, inputs }: OnnxNode): boolean {
  const isVector = (name: string): boolean => index.isConstant(name) && index.numbers(name, 1) === null;
  return (opType === 'Mul' || opType === 'Div') && inputs.some(isVector);
}

function isExactly(activation: ActivationFunction, gated: boolean, apply: Apply): boolean {
  const formula = ACTIVATION_FORMULAS.get(activation);
  if (!formula) return false;
  return PROBES.every((x) =>
    [1, -2].every((y) => {
      const value = apply(x, y);
      const wanted = gated ? formula(x) * y : formula(x);
      return value === null || Math.abs(value - wanted) < 5e-3 * (1 + Math.abs(wanted));
    }),
  );
}

function fusedActivation(operator: string): ActivationFunction {
  const names: Readonly<Record<string, ActivationFunction>> = {
    Relu: 'relu',
    FastGelu: 'gelu_tanh',
    Gelu: 'gelu_erf',
    Sigmoid: 'sigmoid',
    Tanh: 'tanh',
  };
  return names[operator] ?? 'other';
}

type Apply = (x: number, y: number) => number | null;

/** Whether a function is a line, or cannot be told from one. */
function isStraight(apply: Apply): boolean {
  const [offset, one] = [apply(0, 1), apply(1, 1)];
  if (offset === null || one === null) return true;
  return PROBES.every((x) => {
    const value = apply(x, 1);
    return value === null || Math.abs(value - offset - (one - offset) * x) < 1e-5 * (1 + Math.abs(value));
  });
}

function isProduct(apply: Apply): boolean {
  const [a, b, c, d] = [apply(1, 1), apply(2, 1), apply(1, 3), apply(2, 3)];
  if (a === null || b === null || c === null || d === null) return false;
  return Math.abs(a * d - b * c) < 1e-6 && Math.abs(b - 2 * a) < 1e-6 && Math.abs(c - 3 * a) < 1e-6;
}
