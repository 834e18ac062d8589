/** A column of unsigned 32-bit numbers of which the length is not known beforehand. */
export class GrowingColumn {
  private array = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new Uint32Array(this.array.length * 2);
      larger.set(this.array);
      this.array = larger;
    }
    this.array[this.length++] = value;
  }

  /** @returns a view of what was pushed, valid until the next `push` or `clear`. */
  values(): Uint32Array {
    return this.array.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }
}
