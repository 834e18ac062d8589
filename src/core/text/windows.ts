import { LensError } from '../common/errors';
import type { WindowFrame } from './tokens';

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

/**
 * The window plan of a profile: its windows are counted with the special tokens that stand around each.
 * @param plan of the manifest
 */
export function windowPlanOf(
  { window, stride, scoring }: { window: number; stride: number; scoring: WindowScoring },
  { before, after }: WindowFrame,
): WindowPlan {
  return { length: window - before.length - after.length, stride, scoring };
}

/** Tokens `[start, end)` of a document run together; `[ownedStart, ownedEnd)` take their activations from this run. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly ownedStart: number;
  readonly ownedEnd: number;
}

/** Tokens that two neighbouring windows share unless a stride is asked for (docs/methods.md). */
const DEFAULT_OVERLAP = 32;

/** length − 32 tokens; half the length where windows are so short that this would run most tokens many times. */
export function defaultStride(length: number): number {
  return Math.max(length - DEFAULT_OVERLAP, Math.ceil(length / 2));
}

/**
 * Cuts a document of `tokenCount` tokens into overlapping windows, the last of which ends with the document and
 * may be shorter. Every token is owned by exactly one window; where two give it equal context, by the earlier one.
 * @returns windows in document order; none for a document without tokens.
 * @throws LensError `usage` when the plan would leave tokens out.
 */
export function planWindows(tokenCount: number, plan: WindowPlan): Window[] {
  requireCovering(plan);
  const windows: Window[] = [];
  let owned = 0;
  for (let start = 0; owned < tokenCount; start += plan.stride) {
    const end = Math.min(start + plan.length, tokenCount);
    const ownedEnd =
      end === tokenCount ? tokenCount : firstTokenOfNext(start + plan.stride, end, plan.scoring);
    windows.push({ start, end, ownedStart: owned, ownedEnd });
    owned = ownedEnd;
  }
  return windows;
}

/**
 * The first token that the next window, which starts at `nextStart`, owns rather than the one that ends at `end`.
 * By `left` the earlier window keeps all it has. By `nearer` the two compare distances to the overlap's ends,
 * `end − 1 − t ≥ t − nextStart`, as every other end is farther away.
 */
function firstTokenOfNext(nextStart: number, end: number, scoring: WindowScoring): number {
  return scoring === 'left' ? end : Math.floor((nextStart + end - 1) / 2) + 1;
}

function requireCovering({ length, stride }: WindowPlan): void {
  if (!Number.isInteger(length) || length < 1) {
    throw new LensError('usage', `A window cannot be ${length} tokens long: give a whole number from 1 up.`);
  }
  if (!Number.isInteger(stride) || stride < 1 || stride > length) {
    throw new LensError(
      'usage',
      `With a stride of ${stride}, windows of ${length} tokens leave tokens out: give a whole number from 1 to ${length}.`,
    );
  }
}
