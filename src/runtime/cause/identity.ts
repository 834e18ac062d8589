import { LensError } from '../../core/common/errors';
import type { RowOutput } from '../onnxruntime/repeatedRows';
import type { WholeModel } from './wholeModel';

/** Of the largest logit: what another order of float32 sums may change, and half precision. */
const IDENTITY = { full: 1e-4, half: 2e-2 };

/** What is said where a model that can be changed is another one. */
export function notTheSame(difference: number): LensError {
  return new LensError(
    'identity-failed',
    `With nothing changed, the output differs from the original model's by ${difference.toExponential(1)}: no effect ` +
      'is shown, as it would not be this model’s. Choose another export of it.',
  );
}

/** How far an output, or the end of one, is from the one that it should be, and how far it may be. */
export function gapOf(
  { modelPackage }: Pick<WholeModel, 'modelPackage'>,
  { values: original }: RowOutput,
  { values }: RowOutput,
): { difference: number; allowed: number } {
  let [difference, largest] = [0, 0];
  const from = original.length - values.length;
  for (let at = 0; at < values.length; at++) {
    const wanted = original[from + at]!;
    const gap = Math.abs(values[at]! - wanted);
    if (!(gap <= difference)) difference = Number.isNaN(gap) ? Infinity : gap;
    largest = Math.max(largest, Math.abs(wanted));
  }
  const share = /16|q4|bnb4|int4/.test(modelPackage.dtype) ? IDENTITY.half : IDENTITY.full;
  return { difference, allowed: share * (1 + largest) };
}
