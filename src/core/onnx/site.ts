import type { SiteAddress } from '../common/neuronAddress';

/**
 * Which tensor of an FFN is meant (docs/methods.md, The neuron): `act` enters the down projection;
 * `pre` is the up projection with its bias before the non-linearity of a plain FFN;
 * `gate` (pre-activation) and `up` are the two factors of a gated FFN.
 */
export type Quantity = 'act' | 'pre' | 'gate' | 'up';

/** The element-wise functions that have a name; `bilinear` is a product of two projections without one. */
export const ACTIVATION_FUNCTIONS = [
  'relu',
  'relu2',
  'relu6',
  'gelu_erf',
  'gelu_tanh',
  'gelu_quick',
  'silu',
  'hardswish',
  'mish',
  'elu',
  'softplus',
  'sigmoid',
  'tanh',
  'bilinear',
  'other',
] as const;

/** The element-wise function between the projections, as read from the graph. */
export type ActivationFunction = (typeof ACTIVATION_FUNCTIONS)[number];

/** One FFN of a model whose neurons can be exposed. The fields of `sites --json` (docs/cli.md). */
export interface FfnSite extends SiteAddress {
  /** Width of the residual stream that the FFN reads and writes. */
  readonly dModel: number;
  /** Number of neurons: width of the tensor that enters the down projection. */
  readonly dFf: number;
  readonly gated: boolean;
  /** Gate and up projection are halves of one matrix. */
  readonly packed: boolean;
  readonly activation: ActivationFunction;
  /** Layer whose weights this site reuses (ALBERT), else null. */
  readonly sharedWith: number | null;
  readonly quantities: readonly Quantity[];
}

/** An operator that holds neurons which no graph output can reach, with the reason in words. */
export interface OpaqueNode {
  readonly node: string;
  readonly reason: string;
}
