/** Why a token is outside the population of a profile (docs/methods.md), in words that end a sentence. */
export const LEFT_OUT = {
  special: 'a special token that the text spells out',
  firstPosition: 'at the first position of its window, where causal models have an attention sink',
} as const;

/** Reasons that depend on the token alone, and not on a neuron's layer. */
export type Exclusion = keyof typeof LEFT_OUT;
