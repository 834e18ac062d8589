import { Message, type Schema } from 'apache-arrow';

/** Where the values of a record batch lie, as its metadata says. */
export interface BatchMetadata {
  readonly rows: number;
  readonly compressed: boolean;
  /** Counted from the end of the metadata. */
  readonly buffers: readonly { readonly offset: number; readonly length: number }[];
}

/** The fields of Arrow's FlatBuffers tables that are read here (apache/arrow, format/Message.fbs and Schema.fbs). */
const MESSAGE = { headerType: 1, header: 2 };
const BATCH = { length: 0, buffers: 2, compression: 3 };
const SCHEMA = { fields: 1, metadata: 2 };
const FIELD = { children: 5, metadata: 6 };
const IS_SCHEMA = 1;
const IS_BATCH = 3;
/** Bytes of a buffer's offset and length. */
const BUFFER_BYTES = 16;

/**
 * Reads a record batch's metadata. The library would believe a damaged one that it has a thousand million buffers, and
 * gather them until memory ends.
 * @throws Error where the bytes are no such metadata.
 */
export function readBatch(message: Uint8Array): BatchMetadata {
  const batch = headerOf(message, IS_BATCH);
  const { start, length } = batch.vector(BATCH.buffers, BUFFER_BYTES);
  const at = (position: number) => Number(batch.view.getBigInt64(position, true));
  return {
    rows: batch.has(BATCH.length) ? at(batch.at(BATCH.length)) : 0,
    compressed: batch.has(BATCH.compression),
    buffers: Array.from({ length }, (_, buffer) => ({
      offset: at(start + buffer * BUFFER_BYTES),
      length: at(start + buffer * BUFFER_BYTES + 8),
    })),
  };
}

/** Reads a schema by the library, once its lists are known to be no longer than its bytes. @throws Error likewise. */
export function readSchema(message: Uint8Array): Schema {
  let left = message.length;
  const visit = (tables: readonly FlatTable[]): void => {
    left -= tables.length;
    if (left < 0) throw new Error('its schema is damaged');
    for (const field of tables) {
      field.vector(FIELD.metadata, 4);
      visit(field.tables(FIELD.children));
    }
  };
  const schema = headerOf(message, IS_SCHEMA);
  schema.vector(SCHEMA.metadata, 4);
  visit(schema.tables(SCHEMA.fields));
  return Message.decode(message).header() as Schema;
}

function headerOf(message: Uint8Array, type: number): FlatTable {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const root = new FlatTable(view, view.getUint32(0, true));
  if (!root.has(MESSAGE.headerType) || view.getUint8(root.at(MESSAGE.headerType)) !== type) {
    throw new Error('it is no table of one batch');
  }
  return root.table(MESSAGE.header);
}

/** A FlatBuffers table: what it refers to lies behind it, so that following references comes to an end. */
class FlatTable {
  constructor(
    readonly view: DataView,
    private readonly position: number,
  ) {}

  has(field: number): boolean {
    return this.offsetOf(field) > 0;
  }

  at(field: number): number {
    return this.position + this.offsetOf(field);
  }

  table(field: number): FlatTable {
    const at = this.at(field);
    return new FlatTable(this.view, at + this.view.getUint32(at, true));
  }

  /** Where a list's elements begin, and how many there are; none where it is left out. */
  vector(field: number, elementBytes: number): { start: number; length: number } {
    if (!this.has(field)) return { start: 0, length: 0 };
    const at = this.at(field);
    const start = at + this.view.getUint32(at, true) + 4;
    const length = this.view.getUint32(start - 4, true);
    if (start + length * elementBytes > this.view.byteLength) throw new Error('its metadata is damaged');
    return { start, length };
  }

  tables(field: number): FlatTable[] {
    const { start, length } = this.vector(field, 4);
    return Array.from({ length }, (_, index) => {
      const at = start + 4 * index;
      return new FlatTable(this.view, at + this.view.getUint32(at, true));
    });
  }

  /** Counted from the table; 0 where the field is left out. */
  private offsetOf(field: number): number {
    const fields = this.position - this.view.getInt32(this.position, true);
    const entry = 4 + 2 * field;
    return entry < this.view.getUint16(fields, true) ? this.view.getUint16(fields + entry, true) : 0;
  }
}
