import { type Histogram, quantileOf, stepBelow, zeroBinOf } from './histogram';
import { isRectified, type LayerContext } from './layerContext';

const ACTIVE_PART_OF_Q999 = 0.1;

/** A share of tokens, and the value that theirs are above. */
export interface ShareAbove {
  readonly threshold: number;
  readonly share: number;
}

/**
 * Share of tokens above 0 for ReLU, else at or above the bin edge at or below a tenth of the 99.9 % quantile: a bin
 * edge, so that the count is exact. Where that edge is 0, or the quantile negative, it is the share above 0.
 */
export function densityOf(histogram: Histogram, positive: number, context: LayerContext): ShareAbove {
  const { bins, edges, count } = histogram;
  if (count === 0) return { threshold: 0, share: 0 };
  const wanted = isRectified(context) ? 0 : ACTIVE_PART_OF_Q999 * quantileOf(histogram, 0.999);
  const step = wanted > 0 ? stepBelow(histogram, wanted) : 0;
  if (step === 0) return { threshold: 0, share: positive / count };
  let active = 0;
  for (let bin = zeroBinOf(histogram) + step; bin < bins.length; bin++) active += bins[bin]!;
  return { threshold: edges[step]!, share: active / count };
}
