import {
  DataType,
  Field,
  FixedSizeList,
  Float16,
  Float32,
  Float64,
  Int16,
  Int32,
  Message,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Uint16,
  Uint32,
  Uint8,
  makeData,
  type Data,
} from 'apache-arrow';
import type { ElementType } from '../../common/elements';
import { checksOf, elementsOf, type ColumnLayout, type TableColumns, type TableLayout } from './columnLayout';

const ARROW_TYPE: Readonly<Record<ElementType, DataType>> = {
  float64: new Float64(),
  float32: new Float32(),
  float16: new Float16(),
  uint32: new Uint32(),
  int32: new Int32(),
  uint16: new Uint16(),
  int16: new Int16(),
  uint8: new Uint8(),
};

/**
 * Encodes a table as an Arrow IPC file of one uncompressed record batch.
 * @returns the file's bytes in pieces that still point into `columns`: write them before these change.
 */
export async function encodeTable<L extends TableLayout>(
  layout: L,
  columns: TableColumns<L>,
  rows: number,
): Promise<Uint8Array[]> {
  const fields: Field[] = [];
  const children: Data[] = [];
  const given: Readonly<Record<string, TableColumns<TableLayout>[string]>> = columns;
  for (const [name, column] of Object.entries(layout)) {
    const values = column.covers ? checksOf(layout, given, column.covers, rows) : given[name]!;
    const expected = rows * elementsOf(column);
    if (values.length < expected) {
      throw new RangeError(`column ${name} has ${values.length} elements, ${expected} are needed`);
    }
    const type = arrowTypeOf(column);
    fields.push(new Field(name, type, false));
    children.push(arrowData(type, column.shape, values.subarray(0, expected), rows));
  }
  const schema = new Schema(fields);
  const struct = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children });
  return encodeBatch(new RecordBatch(schema, struct));
}

/** @returns an Arrow IPC file that holds this one batch, in pieces. */
export async function encodeBatch(batch: RecordBatch): Promise<Uint8Array[]> {
  const writer = new TableWriter();
  writer.write(batch);
  writer.close();
  const pieces: Uint8Array[] = [];
  for await (const piece of writer as AsyncIterable<Uint8Array>) pieces.push(piece);
  return pieces;
}

/** A plain type, or fixed-size lists within fixed-size lists for the extents of a row. */
export function arrowTypeOf({ element, shape }: ColumnLayout): DataType {
  return shape.reduceRight<DataType>(
    (inner, extent): DataType => new FixedSizeList(extent, new Field('item', inner, false)),
    ARROW_TYPE[element],
  );
}

function arrowData(
  type: DataType,
  shape: readonly number[],
  values: TableColumns<TableLayout>[string],
  rows: number,
): Data {
  const [extent, ...inner] = shape;
  if (extent === undefined || !DataType.isFixedSizeList(type)) {
    return makeData({ type, length: rows, nullCount: 0, data: values } as never);
  }
  const child = arrowData(type.valueType as DataType, inner, values, rows * extent);
  return makeData({ type, length: rows, nullCount: 0, child });
}

/** The library leaves the schema to the footer; at the head as well, as the format asks, one read finds everything. */
class TableWriter extends RecordBatchFileWriter {
  protected override _writeSchema(schema: Schema): this {
    return this._writeMagic()._writePadding(2)._writeMessage(Message.from(schema));
  }
}
