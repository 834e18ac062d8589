import type { FfnSite, Quantity } from '../onnx/site';

/** One quantity of one FFN: what a table of a segment holds. */
export interface ProfiledTable {
  readonly site: FfnSite;
  readonly quantity: Quantity;
}
