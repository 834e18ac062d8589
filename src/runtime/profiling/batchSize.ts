import type { FfnSite } from '../../core/onnx/site';
import type { ActivationModel } from '../../core/onnx/activationModel';

/** Sizes to choose from: fewer positions than a window cannot be, and more gain nothing (docs/performance.md). */
const SIZES = [1024, 512] as const;
const SMALLEST = 256;
/** Multiplications of the matrices in a batch: a third of a second on two cores of a laptop, so that cancelling and questions do not wait. */
const MOST_MULTIPLICATIONS = 32e9;
/** Of the activations that a batch leaves: more would be fetched from the memory again when they are reduced. */
const MOST_BYTES = 48 * 2 ** 20;

/**
 * Positions of a batch, padding included, where nobody asks for a number. It goes by the model and not by a stopwatch:
 * the last bits of activations depend on the shape of a batch, and a profile should be the same on every machine.
 */
export function batchSizeFor({ sites, outputs }: Pick<ActivationModel, 'sites' | 'outputs'>): number {
  const lastLayer = Math.max(...outputs.map(({ site }) => site.layer));
  const run = sites.filter(({ layer }) => layer <= lastLayer);
  const multiplications = run.reduce((sum, site) => sum + multiplicationsOf(site), 0);
  const bytes = outputs.reduce((sum, { site }) => sum + 4 * site.dFf, 0);
  const most = Math.min(MOST_MULTIPLICATIONS / multiplications, MOST_BYTES / bytes);
  return SIZES.find((size) => size <= most) ?? SMALLEST;
}

/** A layer's for one position: those of its FFN, and of the four projections of its attention. */
function multiplicationsOf({ dModel, dFf, gated }: FfnSite): number {
  return (gated ? 3 : 2) * dModel * dFf + 4 * dModel ** 2;
}
