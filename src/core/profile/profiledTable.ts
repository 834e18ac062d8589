import type { FfnSite, Quantity } from '../onnx/site';

/** One quantity of one FFN: what a table of a segment holds. */
export interface ProfiledTable {
  readonly site: FfnSite;
  readonly quantity: Quantity;
}

/** `act` where the profile has it, else its first quantity. */
export function defaultQuantity(tables: readonly ProfiledTable[]): Quantity {
  return tables.some(({ quantity }) => quantity === 'act') ? 'act' : tables[0]!.quantity;
}
