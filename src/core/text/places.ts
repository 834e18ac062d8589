import type { FilePlace } from './document';

/** Where a file begins. */
export const FILE_START: FilePlace = { line: 1, column: 1 };

/** Finds lines and columns in a stretch of a file. Lines end with LF, CR LF or CR, as in editors. */
export class Places {
  private readonly lineStarts: readonly number[];

  /** @param start the place in the file of the stretch's first character. */
  constructor(
    private readonly text: string,
    private readonly start: FilePlace,
  ) {
    this.lineStarts = lineStartsOf(text);
  }

  /** The place of a UTF-16 offset in the stretch; offsets up to and including its length are places. */
  at(offset: number): FilePlace {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const column = offset - this.lineStarts[low]! + 1;
    return { line: this.start.line + low, column: low === 0 ? column + this.start.column - 1 : column };
  }

  /** The UTF-16 offset of a place, held within the stretch: the way back of `at`. */
  offsetOf({ line, column }: FilePlace): number {
    const row = line - this.start.line;
    if (row < 0) return 0;
    const before = row === 0 ? this.start.column : 1;
    return Math.min((this.lineStarts[row] ?? this.text.length) + column - before, this.text.length);
  }

  /** The place behind the stretch, where the next one begins. */
  get end(): FilePlace {
    return this.at(this.text.length);
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (const { index, 0: lineEnd } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + lineEnd.length);
  return starts;
}
