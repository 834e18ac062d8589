/** A stretch of a text in UTF-16 code units, `[start, end)`. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}
