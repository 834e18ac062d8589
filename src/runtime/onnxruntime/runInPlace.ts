import type { Tensor } from 'onnxruntime-node';

/** What onnxruntime-node says of a sequence among the outputs of a run that is done. */
const NOT_RETURNED = 'Non tensor type';

/**
 * Runs a session whose outputs all have memory laid ready, which is filled, and returns nothing. onnxruntime-node would
 * copy every output that it returns, laid ready or not, into memory that garbage collection must then take: a tenth of
 * a run with all neurons. A sequence it cannot return: asked for one first, it stops when the run is done and nothing
 * has been copied.
 * @param run runs the session for these outputs
 * @param sequence name of the session's first output, a sequence
 * @throws what the run itself fails with
 */
export async function runInPlace(
  run: (fetches: Readonly<Record<string, Tensor | null>>) => Promise<unknown>,
  laid: Readonly<Record<string, Tensor>>,
  sequence: string,
): Promise<void> {
  try {
    await run({ [sequence]: null, ...laid });
  } catch (thrown) {
    if (!(thrown instanceof Error && thrown.message.includes(NOT_RETURNED))) throw thrown;
  }
}
