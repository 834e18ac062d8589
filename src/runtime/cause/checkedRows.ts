import { LensError } from '../../core/common/errors';
import type { ChangedRow } from '../onnxruntime/changeableSession';
import type { RowOutput } from '../onnxruntime/repeatedRows';
import type { Cause } from './openCause';
import type { Prompt } from './wholeModel';

/** Of the largest logit: what another order of float32 sums may change, and half precision. */
const IDENTITY = { full: 1e-4, half: 2e-2 };

/**
 * Runs the rows together, or each by itself where rows of a batch reach each other.
 * @param rows of which nothing is changed in the first
 * @param original what the file as it is gives
 * @throws LensError `identity-failed` where a row without changes does not give the original output
 */
export async function runCheckedRows(
  cause: Cause,
  prompt: Prompt,
  rows: readonly ChangedRow[],
  original: RowOutput,
): Promise<{ outputs: RowOutput[]; identity: number }> {
  const together = await cause.changeable.run(prompt, rows, original.width);
  const first = gapOf(cause, original, together[0]!);
  if (first.difference <= first.allowed) return { outputs: together, identity: first.difference };
  const outputs = await cause.changeable.run(prompt, rows, original.width, true);
  const { difference, allowed } = gapOf(cause, original, outputs[0]!);
  if (difference <= allowed) return { outputs, identity: difference };
  throw new LensError(
    'identity-failed',
    `With nothing changed, the output differs from the original model's by ${difference.toExponential(1)}: no effect ` +
      'is shown, as it would not be this model’s. Choose another export of it.',
  );
}

/** How far an output is from the one that it should be, and how far it may be. */
export function gapOf(
  { modelPackage }: Cause,
  { values: original }: RowOutput,
  { values }: RowOutput,
): { difference: number; allowed: number } {
  let [difference, largest] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const gap = Math.abs(values[at]! - original[at]!);
    if (!(gap <= difference)) difference = Number.isNaN(gap) ? Infinity : gap;
    largest = Math.max(largest, Math.abs(original[at]!));
  }
  const share = /16|q4|bnb4|int4/.test(modelPackage.dtype) ? IDENTITY.half : IDENTITY.full;
  return { difference, allowed: share * (1 + largest) };
}
