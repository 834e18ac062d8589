import type { SiteAddress } from '../common/neuronAddress';
import type { Histogram } from '../stats/histogram';
import type { FfnSite, Quantity } from '../onnx/site';

/** What a profile knows of the neurons of one site: what an activation is compared with. */
export interface SiteBackground {
  readonly site: FfnSite;
  readonly quantity: Quantity;
  /** [dFf] each. */
  readonly median: ArrayLike<number>;
  /** 99.9 % quantile. */
  readonly q999: ArrayLike<number>;
  /** 1 where the neuron is dead or constant: such neurons answer to nothing. */
  readonly silent: ArrayLike<number>;
  histogram(neuron: number): Promise<Histogram>;
}

export function sameSite(a: SiteAddress, b: SiteAddress): boolean {
  return a.part === b.part && a.layer === b.layer && a.block === b.block && a.expert === b.expert;
}
