/** The activations of one site over the tokens that consecutive windows of a document own. */
export interface Stretch {
  /** Number of the document in the segment, in the order of document keys. */
  readonly document: number;
  /** First owned token, counted within the document; a document's stretches arrive in order and leave no gap. */
  readonly firstToken: number;
  /** Owned tokens of each window, in order: a block of 64 tokens never reaches from one window into the next. */
  readonly windows: readonly number[];
  /** Whether the document's last window is among them: what it left open is then closed. */
  readonly endsDocument: boolean;
  /** [rows × neurons], row-major: the tensor of the whole batch. Not kept. */
  readonly values: Float32Array;
  /**
   * [owned tokens] the row of each in `values`;
   * −1 where the token is not in the population or was not routed to this expert.
   */
  readonly rowOf: Int32Array;
  /** [owned tokens] seeded hash of each (tokenHash.ts). */
  readonly hashes: Uint32Array;
}
