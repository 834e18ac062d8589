/**
 * What lists say of the weights of a neuron (docs/methods.md, Cause), beside the statistics of its activations; all are
 * ranked with the highest first.
 */
export const WEIGHT_FIGURES = {
  outNorm: { label: '‖w_out‖', meaning: 'Length of what the neuron writes at an activation of 1' },
  inNorm: { label: '‖w_in‖', meaning: 'Of the gate where there is one' },
  cosine: { label: 'cos(w_in, w_out)', meaning: 'How far it writes what it reads' },
  vocabularyKurtosis: {
    label: 'Vocabulary kurtosis',
    meaning: 'Of what it writes over the vocabulary (excess): high where that is a few tokens',
  },
  vocabularySkewness: {
    label: 'Vocabulary skewness',
    meaning: 'Of what it writes over the vocabulary: above 0 it promotes, below 0 it suppresses',
  },
} as const;

export type WeightKey = keyof typeof WEIGHT_FIGURES;

export const WEIGHT_KEYS = Object.keys(WEIGHT_FIGURES) as readonly WeightKey[];

/** Of one neuron; null where a matrix cannot be read or nothing varies. */
export type WeightFigures = { readonly [Key in WeightKey]: number | null };

/** Whether a list is ranked by weights, and not by activations. */
export function isWeightKey(sort: string): sort is WeightKey {
  return Object.hasOwn(WEIGHT_FIGURES, sort);
}
