import { LensError } from '../../common/errors';

/** How a field's value lies on the wire (protobuf encoding guide). */
export const WireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const TEXT = new TextDecoder();

/** Entries of one repeated number; more stand in raw bytes in every real model. */
const LONGEST_LIST = 1_000_000;

/**
 * Walks the fields of one protobuf message without copying: every value is a range of the file's own bytes.
 * Any length that leaves the message ends in a LensError, so a damaged file cannot lead the reader astray.
 */
export class WireReader {
  /** Number and wire type of the current field. */
  field = 0;
  wireType = 0;
  /** First byte of the current field's tag; its value is `[start, end)`. */
  tagStart = 0;
  start = 0;
  end = 0;
  private position = 0;
  private readonly limit: number;

  constructor(readonly bytes: Uint8Array) {
    this.limit = bytes.length;
  }

  /** Moves to the next field. @returns false at the end of the message. */
  next(): boolean {
    if (this.position >= this.limit) return false;
    this.tagStart = this.position;
    const tag = this.readVarint();
    this.field = Math.floor(tag / 8);
    this.wireType = tag % 8;
    if (this.field === 0) throw damaged(this.tagStart);
    this.start = this.position;
    switch (this.wireType) {
      case WireType.varint:
        this.readVarint();
        break;
      case WireType.fixed64:
        this.position += 8;
        break;
      case WireType.fixed32:
        this.position += 4;
        break;
      case WireType.bytes: {
        const length = this.readVarint();
        this.start = this.position;
        this.position += length;
        break;
      }
      default:
        throw damaged(this.tagStart);
    }
    if (this.position > this.limit) throw damaged(this.tagStart);
    this.end = this.position;
    return true;
  }

  /** The current value as bytes of the file. */
  view(): Uint8Array {
    if (this.wireType !== WireType.bytes) throw damaged(this.tagStart);
    return this.bytes.subarray(this.start, this.end);
  }

  text(): string {
    return TEXT.decode(this.view());
  }

  /** The current value as a signed 64-bit integer, exact up to ±2^53. */
  integer(): number {
    if (this.wireType !== WireType.varint) throw damaged(this.tagStart);
    return readInteger(this.bytes, this.start).value;
  }

  float(): number {
    if (this.wireType !== WireType.fixed32) throw damaged(this.tagStart);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset).getFloat32(this.start, true);
  }

  /** Appends the current value of a repeated integer field, packed or not, to `into`. */
  integers(into: number[]): void {
    if (this.wireType === WireType.varint) {
      into.push(this.integer());
      return;
    }
    const packed = this.view();
    for (let at = 0; at < packed.length;) {
      const { value, next } = readInteger(packed, at);
      into.push(value);
      if (into.length > LONGEST_LIST) throw damaged(this.tagStart);
      at = next;
    }
  }

  /** Appends the current value of a repeated float field, packed or not, to `into`. */
  floats(into: number[]): void {
    if (this.wireType === WireType.fixed32) {
      into.push(this.float());
      return;
    }
    const packed = this.view();
    if (packed.length > 4 * LONGEST_LIST) throw damaged(this.tagStart);
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    for (let at = 0; at + 4 <= packed.length; at += 4) into.push(view.getFloat32(at, true));
  }

  /** Unsigned, for tags and lengths. */
  private readVarint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      const byte = this.bytes[this.position];
      if (byte === undefined || this.position >= this.limit) throw damaged(this.position);
      this.position++;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw damaged(this.position);
  }
}

/** A varint that holds a 64-bit integer in two's complement. */
function readInteger(bytes: Uint8Array, offset: number): { value: number; next: number } {
  let low = 0;
  let high = 0;
  for (let count = 0; count < 10; count++) {
    const byte = bytes[offset + count];
    if (byte === undefined) throw damaged(offset);
    const bits = byte & 0x7f;
    const shift = 7 * count;
    if (shift < 28) low += bits * 2 ** shift;
    else if (shift === 28) {
      low += (bits & 0x0f) * 2 ** 28;
      high += bits >> 4;
    } else high += (bits * 2 ** (shift - 32)) % 2 ** 32;
    if (byte < 0x80) return { value: (high | 0) * 2 ** 32 + low, next: offset + count + 1 };
  }
  throw damaged(offset);
}

function damaged(offset: number): LensError {
  return new LensError('invalid-model', `is not a readable ONNX model: it is damaged near byte ${offset}`);
}
