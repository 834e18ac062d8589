import type { NeuronSummary } from '../../../src/core/stats/siteSummary';
import { tokenHash } from '../../../src/core/stats/tokenHash';
import type { LayerContext } from '../../../src/core/stats/layerContext';
import { add, newAccumulator, SEED } from './corpus';

/** The summary of one neuron whose values are those of one document's tokens; `length` tokens a document. */
export function summarize(values: ArrayLike<number>, length = values.length): NeuronSummary {
  const accumulator = newAccumulator(1);
  for (let document = 0; document * length < values.length; document++) {
    const own = Float32Array.from({ length: Math.min(length, values.length - document * length) }, (_, i) =>
      Number(values[document * length + i]),
    );
    const hash = tokenHash(SEED, `document ${document}`);
    add(accumulator, [
      {
        document,
        firstToken: 0,
        windows: [own.length],
        endsDocument: true,
        values: own,
        rowOf: Int32Array.from(own.keys()),
        hashes: Uint32Array.from(own.keys(), hash),
      },
    ]);
  }
  return accumulator.summary() as NeuronSummary;
}

/** A GELU layer whose median peak is 1. */
export const GELU: LayerContext = {
  activation: 'gelu_erf',
  gated: false,
  quantity: 'act',
  medianPeak: 1,
};
export const RELU: LayerContext = { ...GELU, activation: 'relu' };
export const GATED: LayerContext = { ...GELU, activation: 'silu', gated: true };
export const NOTHING_EXCLUDED = { special: 0, pad: 0, firstPosition: 0, sink: 0 };
