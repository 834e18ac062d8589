import { checksum, column } from '../table/columnLayout';

/** What is kept of a token, side by side, so that the tokens around an example are one read. */
export const TOKEN_FIELDS = 5;

/**
 * One row a token of the part's documents, in their order: id, start, end, line, column. Start and end are offsets as
 * they are shown (`SourceDocument.offsetBase` added), lines and columns count from 1.
 */
export const TOKENS_LAYOUT = { token: column('uint32', TOKEN_FIELDS), check: checksum('token') } as const;

/** One row a compressed block: where its text begins in UTF-16 units, and where its bytes lie in `text.deflate`. */
export const BLOCKS_LAYOUT = {
  unit: column('uint32'),
  offset: column('uint32'),
  length: column('uint32'),
  /** Bytes of UTF-8 once inflated. */
  inflated: column('uint32'),
  /** XXH32 of its bytes in `text.deflate`. */
  check: { ...column('uint32'), isNew: true },
} as const;

/** UTF-16 units of text that are compressed together: inflating one for an example takes about 0.1 ms. */
export const BLOCK_UNITS = 16_384;
