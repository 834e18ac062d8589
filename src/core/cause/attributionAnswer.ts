/** A token of the vocabulary. */
export interface NamedToken {
  readonly id: number;
  readonly text: string;
}

/** What one neuron writes toward the token, and what is missing without it. */
export interface NeuronShare {
  readonly id: string;
  /** At the token that predicts. */
  readonly activation: number;
  readonly direct: number;
  /** By how much the logit falls when the neuron is 0 at that token; null where its layer cannot be changed. */
  readonly ablated: number | null;
}

/** Neurons that are ablated together: the first 1, 2, 4 and so on up to `most`, and each time as many others, drawn anew. */
export const TOGETHER = { most: 128, draws: 5 } as const;

/** Runs of the prompt that checking the first neurons one by one and together takes. */
export function checkedRuns(neurons: number): number {
  return 1 + neurons + (1 + Math.log2(TOGETHER.most)) * (1 + TOGETHER.draws);
}

/** Several neurons that are 0 together: by how much the logit falls. */
export interface JointAblation {
  readonly k: number;
  readonly chosen: number;
  /** The same number of others of like size, each time drawn anew. */
  readonly random: readonly number[];
}

/** `attribute --json` of docs/cli.md. Shares are in logits, and add up to `sum`. */
export interface AttributionAnswer {
  readonly token: NamedToken;
  readonly against: NamedToken | null;
  /** Of the token, or less that of the other one; before a soft cap. */
  readonly logit: number;
  readonly sum: number;
  readonly residue: number;
  readonly embedding: number;
  /** Outputs of attention in the order in which they join the stream. */
  readonly attention: readonly number[];
  /** Outputs of the FFNs with their biases, as `sites` names them. */
  readonly ffn: readonly number[];
  readonly sites: readonly string[];
  /** What is there whatever the text is: biases of the final norm and of the unembedding, constants. */
  readonly bias: number;
  /** Those with the largest shares by size. */
  readonly neurons: readonly NeuronShare[];
  /** Of the direct and the ablated shares of these neurons. */
  readonly correlation: number | null;
  readonly joint: readonly JointAblation[];
  /** Largest difference of the head run alone to the model's logits. */
  readonly identity: number;
  readonly notices: readonly string[];
}
