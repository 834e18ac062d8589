import {
  Field,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  type Data,
  type DataType,
  type Vector,
} from 'apache-arrow';
import { encodeBatch } from './encodeTable';

/** Encodes columns of any Arrow type and of one chunk each as an Arrow IPC file, in pieces. */
export function encodeVectors(vectors: Readonly<Record<string, Vector>>): Promise<Uint8Array[]> {
  const columns = Object.entries(vectors);
  const fields = columns.map(
    ([name, { type, nullCount }]) => new Field(name, type as DataType, nullCount > 0),
  );
  const children = columns.map(([, { data }]) => data[0]! as Data);
  const length = columns[0]?.[1].length ?? 0;
  const struct = makeData({ type: new Struct(fields), length, nullCount: 0, children });
  return encodeBatch(new RecordBatch(new Schema(fields), struct));
}
