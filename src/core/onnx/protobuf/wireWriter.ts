import { WireType } from './wireReader';

const TEXT = new TextEncoder();

/** A message under construction: pieces of bytes that are joined once, at the end. */
export class WireWriter {
  private readonly pieces: Uint8Array[] = [];
  private size = 0;

  get length(): number {
    return this.size;
  }

  /** Bytes that are fields already. */
  raw(fields: Uint8Array): this {
    this.pieces.push(fields);
    this.size += fields.length;
    return this;
  }

  integer(field: number, value: number): this {
    return this.raw(varint(field * 8 + WireType.varint)).raw(varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.raw(varint(field * 8 + WireType.fixed32)).raw(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.raw(varint(field * 8 + WireType.bytes))
      .raw(varint(value.length))
      .raw(value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, TEXT.encode(value));
  }

  /** A message within this one, its pieces not joined on their own. */
  message(field: number, message: WireWriter): this {
    this.raw(varint(field * 8 + WireType.bytes)).raw(varint(message.size));
    for (const piece of message.pieces) this.raw(piece);
    return this;
  }

  finish(): Uint8Array {
    const joined = new Uint8Array(this.size);
    let offset = 0;
    for (const piece of this.pieces) {
      joined.set(piece, offset);
      offset += piece.length;
    }
    return joined;
  }
}

/** Encodes an integer in [−2^53, 2^53]; negative ones take ten bytes, as protobuf's int64 does. */
function varint(value: number): Uint8Array {
  if (value >= 0 && value < 128) return Uint8Array.of(value);
  const bytes: number[] = [];
  if (value >= 0 && value < 2 ** 31) {
    let small = value;
    for (; small >= 128; small >>>= 7) bytes.push((small & 127) | 128);
    bytes.push(small);
    return Uint8Array.from(bytes);
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
