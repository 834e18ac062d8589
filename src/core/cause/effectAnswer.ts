/** A token of the vocabulary and what a neuron does to its logit, less the mean over the vocabulary. */
export interface TokenEffect {
  readonly id: number;
  readonly token: string;
  readonly effect: number;
}

/** The tokens that a neuron writes most toward and most away from, strongest first. */
export interface PromotedTokens {
  readonly promoted: readonly TokenEffect[];
  readonly suppressed: readonly TokenEffect[];
}

/** Numbers of a neuron's weights. */
export interface NeuronWeights {
  /** ‖w_out‖ */
  readonly outNorm: number;
  /** ‖w_in‖ of the gate, or of the only projection; null where the matrix is packed away. */
  readonly inNorm: number | null;
  /** cos(w_in, w_out), of the gate where there is one. */
  readonly cosine: number | null;
  /** Of w_out · W_U over the vocabulary; excess kurtosis. Null without effects through the weights. */
  readonly kurtosis: number | null;
  readonly skewness: number | null;
}

/** How well direct effects foretell ablations of the same neurons in one layer of this model. */
export interface LayerCalibration {
  /** Address of the FFN, such as `L3`. */
  readonly site: string;
  /** Neurons that were switched off. */
  readonly neurons: number;
  /** Pearson's correlation over the tokens of the vocabulary and these neurons; null where nothing varies. */
  readonly weights: number | null;
  readonly head: number | null;
}

/** `effect --json` of docs/cli.md. */
export interface EffectAnswer {
  readonly neuron: string;
  /** Largest difference of the head run alone to the model's logits. */
  readonly identity: number;
  /** The activation whose effect is shown through the head, and where it is from. */
  readonly strength: number;
  readonly strengthOf: 'profile' | 'text' | 'one';
  /** In logits for an activation of 1 where the final norm scales by 1; null where there is no such path, with the reason. */
  readonly weights: PromotedTokens | null;
  readonly weightsReason: string | null;
  /** In logits, the mean over the tokens of the text. */
  readonly head: PromotedTokens;
  /** Correlation of the two over the vocabulary. */
  readonly agreement: number | null;
  readonly shape: NeuronWeights;
  /** Null unless asked for. */
  readonly calibration: readonly LayerCalibration[] | null;
  readonly notices: readonly string[];
}
