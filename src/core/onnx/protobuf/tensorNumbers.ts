import { TensorField } from './fields';
import { TensorType, type OnnxTensor } from './model';
import { WireReader } from './wireReader';

/** Bytes of an integer at most, with a tag of its own. */
const LONGEST_NUMBER = 12;
/** Bytes that names and notes of a constant may take. */
const FIELDS_BESIDE = 65_536;

/**
 * The elements of a small constant as numbers.
 * @param limit most elements to read
 * @returns null where the constant is larger, lies in another file, or has an element type that is not read.
 */
export function tensorNumbers(tensor: OnnxTensor, limit: number): number[] | null {
  const count = tensor.dims.reduce((product, dim) => product * dim, 1);
  const roomy = LONGEST_NUMBER * count + FIELDS_BESIDE;
  if (count > limit || tensor.external || tensor.bytes.length > roomy) return null;
  const values: number[] = [];
  let raw: Uint8Array | null = null;
  const reader = new WireReader(tensor.bytes);
  while (reader.next()) {
    if (reader.field === TensorField.floats) reader.floats(values);
    else if (reader.field === TensorField.int32s) reader.integers(values);
    else if (reader.field === TensorField.int64s) reader.integers(values);
    else if (reader.field === TensorField.raw) raw = reader.view();
    else if (reader.field === TensorField.doubles) readDoubles(reader.view(), values);
  }
  if (raw) return rawNumbers(raw, tensor.type, count);
  if (tensor.type === TensorType.float16) return values.map(halfToNumber).slice(0, count);
  if (tensor.type === TensorType.bfloat16) return values.map(brainHalfToNumber).slice(0, count);
  return values.length < count ? null : values.slice(0, count);
}

function readDoubles(packed: Uint8Array, into: number[]): void {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  for (let at = 0; at + 8 <= packed.length; at += 8) into.push(view.getFloat64(at, true));
}

function rawNumbers(raw: Uint8Array, type: number, count: number): number[] | null {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const size = ELEMENT_SIZE[type];
  if (size === undefined || raw.length < size * count) return null;
  return Array.from({ length: count }, (_, index) => {
    const at = index * size;
    switch (type) {
      case TensorType.float:
        return view.getFloat32(at, true);
      case TensorType.double:
        return view.getFloat64(at, true);
      case TensorType.int64:
        return Number(view.getBigInt64(at, true));
      case TensorType.int32:
        return view.getInt32(at, true);
      case TensorType.float16:
        return halfToNumber(view.getUint16(at, true));
      case TensorType.bfloat16:
        return brainHalfToNumber(view.getUint16(at, true));
      case TensorType.int8:
        return view.getInt8(at);
      default:
        return view.getUint8(at);
    }
  });
}

const ELEMENT_SIZE: Readonly<Record<number, number>> = {
  [TensorType.float]: 4,
  [TensorType.double]: 8,
  [TensorType.int64]: 8,
  [TensorType.int32]: 4,
  [TensorType.float16]: 2,
  [TensorType.bfloat16]: 2,
  [TensorType.int8]: 1,
  [TensorType.uint8]: 1,
  [TensorType.bool]: 1,
};

/** IEEE 754 binary16. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of an IEEE 754 binary32. */
function brainHalfToNumber(bits: number): number {
  return new Float32Array(Uint32Array.of((bits & 0xffff) << 16).buffer)[0] ?? NaN;
}
