import type { AblationAnswer } from './ablationAnswer';

/** A neuron, and how far the output goes when it alone is changed. */
export interface RankedNeuron {
  readonly neuron: string;
  /** Its largest |activation| at the tokens that are meant, with its sign; null where it has none. */
  readonly activation: number | null;
  /** KL divergence in nats, or 1 − cosine of hidden states. */
  readonly change: number;
}

/** `ablate MODEL --each L3=0 --json` of docs/cli.md. */
export interface RankedLayer {
  readonly identity: number;
  readonly output: AblationAnswer['output'];
  /** All neurons of the layer, the farthest first. */
  readonly ranked: readonly RankedNeuron[];
}

/** What it takes to change the neurons of a layer one after the other. */
export interface LayerCost {
  /** Such as `L3`. */
  readonly layer: string;
  readonly neurons: number;
  /** From the time of a batch of the same text. */
  readonly seconds: number;
}
