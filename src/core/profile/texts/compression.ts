/** Deflate without a header (RFC 1951), as the host offers it. */
export interface Compression {
  deflate(bytes: Uint8Array): Promise<Uint8Array>;
  /** @param length of the inflated bytes: an output of any other length is an error. */
  inflate(bytes: Uint8Array, length: number): Promise<Uint8Array>;
}
