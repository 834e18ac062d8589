import { forwarding } from '../common/forwarding';
import type { ActivationModel, SiteActivations, TokenBatch } from '../onnx/activationModel';

/**
 * The model with the activations of the single windows that it ran last kept, so that a pointer that moves within a
 * window asks for them once. What it gives stays valid until the window is forgotten.
 * @param mostBytes of activations, at most; the window that was run last is kept whatever it takes
 */
export function rememberWindows(model: ActivationModel, mostBytes: number): ActivationModel {
  /** By the window's ids, the one that was asked for last at the end. */
  const kept = new Map<string, readonly SiteActivations[]>();
  let bytes = 0;
  const run = async (batch: TokenBatch): Promise<readonly SiteActivations[]> => {
    if (batch.rows !== 1) return model.run(batch);
    const key = batch.ids.join();
    let outputs = kept.get(key);
    if (outputs) kept.delete(key);
    else {
      outputs = (await model.run(batch)).map((output) => ({ ...output, values: output.values.slice() }));
      bytes += bytesOf(outputs);
    }
    for (const [oldest, values] of kept) {
      if (bytes <= mostBytes) break;
      kept.delete(oldest);
      bytes -= bytesOf(values);
    }
    kept.set(key, outputs);
    return outputs;
  };
  return forwarding(model, { run });
}

function bytesOf(outputs: readonly SiteActivations[]): number {
  return outputs.reduce((sum, { values }) => sum + values.byteLength, 0);
}
