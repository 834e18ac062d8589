import type { ChangedRow } from '../onnxruntime/changeableSession';
import type { RowOutput } from '../onnxruntime/repeatedRows';
import { gapOf, notTheSame } from './identity';
import type { Cause } from './openCause';
import type { Prompt } from './wholeModel';

/**
 * Runs the rows together, or each by itself where rows of a batch reach each other.
 * @param rows of which nothing is changed in the first
 * @param original what the text gives by itself, with nothing changed
 * @param last whether the last token's output is enough
 * @returns the largest difference to it of the row without changes, or of the model to its file's where that is larger
 * @throws LensError `identity-failed` where a row without changes does not give the original output
 */
export async function runCheckedRows(
  cause: Cause,
  prompt: Prompt,
  rows: readonly ChangedRow[],
  original: RowOutput,
  last = false,
): Promise<{ outputs: RowOutput[]; identity: number }> {
  const together = await cause.changeable.run(prompt, rows, original.width, { last });
  const first = gapOf(cause, original, together[0]!);
  const identity = (difference: number): number => Math.max(cause.identity, difference);
  if (first.difference <= first.allowed) return { outputs: together, identity: identity(first.difference) };
  const outputs = await cause.changeable.run(prompt, rows, original.width, { last, alone: true });
  const { difference, allowed } = gapOf(cause, original, outputs[0]!);
  if (difference <= allowed) return { outputs, identity: identity(difference) };
  throw notTheSame(difference);
}
