/** The activations of one site over the tokens that one window owns. */
export interface WindowRows {
  /** Number of the document in the segment, in the order of document keys. */
  readonly document: number;
  /** First owned token, counted within the document; a document's windows arrive in order and leave no gap. */
  readonly firstToken: number;
  readonly tokenCount: number;
  /** Whether this is the document's last window: what it left open is then closed. */
  readonly endsDocument: boolean;
  /** [rows × neurons], row-major: the tensor of the whole batch. Read before `add` returns, and not kept. */
  readonly values: Float32Array;
  /**
   * [tokenCount] the row of each owned token in `values`;
   * −1 where the token is not in the population or was not routed to this expert.
   */
  readonly rowOf: Int32Array;
  /** [tokenCount] seeded hash of each owned token (tokenHash.ts). */
  readonly hashes: Uint32Array;
}
