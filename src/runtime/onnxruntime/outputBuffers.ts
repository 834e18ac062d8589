/**
 * Where onnxruntime writes the neurons' values. The buffers of one run are reused by the next,
 * and may lie in a WebAssembly memory so that a reduction reads them in place.
 */
export interface OutputBuffers {
  /**
   * @param slot which of a run's outputs it is for, counted from 0
   * @returns `length` floats that stay valid until the slot is asked for again
   */
  take(slot: number, length: number): Float32Array;
}

/** Buffers of ordinary memory, grown to the largest batch seen. */
export class GrowingBuffers implements OutputBuffers {
  private readonly slots: Float32Array[] = [];

  take(slot: number, length: number): Float32Array {
    let buffer = this.slots[slot];
    if (!buffer || buffer.length < length) {
      buffer = new Float32Array(length);
      this.slots[slot] = buffer;
    }
    return buffer.length === length ? buffer : buffer.subarray(0, length);
  }
}
