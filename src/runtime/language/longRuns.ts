/** wink-nlp takes a time that grows with the square of a run without a space: 300,000 letters took it 92 s. */
const LONGEST_RUN = 200;

/** A text whose long runs have spaces in them, and the way back to the offsets of the text itself. */
export interface BrokenText {
  readonly broken: string;
  /** An offset in the text of one in `broken`; calls must ask for offsets in ascending order. */
  readonly originalOf: (offset: number) => number;
}

/** Puts a space behind every 200 units of a run without white space. */
export function breakRuns(text: string): BrokenText {
  const pieces: string[] = [];
  const breaks: number[] = [];
  let [copied, length] = [0, 0];
  for (const { index, 0: run } of text.matchAll(/\S+/g)) {
    for (let at = LONGEST_RUN; at < run.length; at += LONGEST_RUN) {
      const piece = text.slice(copied, index + at);
      pieces.push(piece);
      length += piece.length;
      breaks.push(length);
      length += 1;
      copied = index + at;
    }
  }
  pieces.push(text.slice(copied));
  let passed = 0;
  const originalOf = (offset: number): number => {
    while (passed < breaks.length && breaks[passed]! < offset) passed += 1;
    return offset - passed;
  };
  return { broken: pieces.join(' '), originalOf };
}
