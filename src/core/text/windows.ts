/**
 * Which window owns a token where windows overlap (docs/methods.md, The activation of a token):
 * `left`, for causal models: the one that gives it the most left context;
 * `nearer`, for bidirectional ones: the one in which the nearer end is farthest.
 */
export type WindowScoring = 'left' | 'nearer';

/** How a document is cut: both in tokens of text, the frame of special tokens not counted. */
export interface WindowPlan {
  readonly length: number;
  readonly stride: number;
  readonly scoring: WindowScoring;
}

/** Tokens `[start, end)` of a document run together; `[ownedStart, ownedEnd)` take their activations from this run. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly ownedStart: number;
  readonly ownedEnd: number;
}
