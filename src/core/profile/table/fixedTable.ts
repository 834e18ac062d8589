import { util } from 'apache-arrow';
import type { FileStore } from '../fileStore';
import { elementsFrom } from '../../common/elements';
import { HEAD_BYTES } from '../files/fileRecords';
import { damagedProfile } from '../damagedProfile';
import { readBatch, readSchema } from './arrowMetadata';
import { checksOf, checksWithin, rowBytesOf, type TableColumns, type TableLayout } from './columnLayout';
import { arrowTypeOf } from './encodeTable';

/** Metadata beyond this is no profile's. */
const MAXIMUM_METADATA_BYTES = 1 << 20;
/** Ranges no farther apart than this are fetched by one read: passing over so much is faster than a second read. */
const COALESCED_GAP = 32_768;
/** `ARROW1` and two bytes of padding. */
const MAGIC_BYTES = 8;
/** Continuation marker and length before every message. */
const PREFIX_BYTES = 8;

/**
 * What of a table is checked as it is read: its rows, where they have checks; all of the file, which is taken in at once;
 * nothing, where this process wrote it or compared it with its hash.
 */
type Checked = 'rows' | 'whole' | 'none';

interface Range {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * An Arrow IPC file of one uncompressed batch of fixed-width columns, of which rows are read by range:
 * the metadata is read once, then each cell lies at an offset that is computed.
 */
export class FixedTable<L extends TableLayout> {
  private constructor(
    private readonly store: FileStore,
    readonly name: string,
    private readonly layout: L,
    readonly rows: number,
    private readonly offsets: ReadonlyMap<string, number>,
    private readonly head: Uint8Array,
    private readonly checked: Checked,
  ) {}

  /**
   * @throws LensError `invalid-profile` when the file is missing, damaged or has other columns.
   */
  static async open<L extends TableLayout>(
    store: FileStore,
    name: string,
    layout: L,
    checked: Checked = 'rows',
  ): Promise<FixedTable<L>> {
    const size = await store.size(name);
    if (size === null) throw damagedProfile(name, 'it is missing');
    // The schema and batch metadata of every table of a profile fit into the first bytes, and so do small tables whole.
    let head =
      checked === 'whole' ? await store.readAll(name) : await store.read(name, 0, Math.min(size, HEAD_BYTES));
    try {
      const needed = metadataEnd(head);
      if (needed > head.length) head = await store.read(name, 0, Math.min(size, needed));
      const { rows, offsets } = locateColumns(head, size, layout);
      return new FixedTable(store, name, layout, rows, offsets, head, checked);
    } catch (error) {
      throw damagedProfile(name, error instanceof Error ? error.message : String(error), error);
    }
  }

  /** Whether the table has a column that format 1 does not know. */
  has(name: string): boolean {
    return this.offsets.has(name);
  }

  /** Rows `[first, first + count)` of some columns. */
  async read<Name extends keyof TableColumns<L> & string>(
    names: readonly Name[],
    first = 0,
    count = this.rows - first,
  ): Promise<Pick<TableColumns<L>, Name>> {
    if (first < 0 || count < 0 || first + count > this.rows) {
      throw damagedProfile(this.name, `it has ${this.rows} rows, and row ${first + count - 1} was asked for`);
    }
    const known = this.checked === 'none' ? [] : checksWithin(this.layout, names);
    const checks = known.filter(([name]) => this.has(name));
    const ranges = [...names, ...checks.map(([name]) => name)].map((name) => {
      const rowBytes = rowBytesOf(this.layout[name]!);
      return { name, offset: this.offsets.get(name)! + first * rowBytes, length: count * rowBytes };
    });
    const cells = await this.fetch(ranges);
    const columns: Record<string, ArrayBufferView> = {};
    for (const [name, cell] of cells) columns[name] = elementsFrom(this.layout[name]!.element, cell);
    for (const [name, covers] of checks) {
      const written = columns[name] as Uint32Array;
      const row = checksOf(this.layout, columns, covers, count).findIndex((check, i) => check !== written[i]);
      if (row >= 0) throw damagedProfile(this.name, `its row ${first + row} is not what was written`);
    }
    const wanted = Object.fromEntries(names.map((name) => [name, columns[name]]));
    return wanted as unknown as Pick<TableColumns<L>, Name>;
  }

  private async fetch(ranges: readonly Range[]): Promise<Map<string, ArrayBuffer>> {
    const cells = new Map<string, ArrayBuffer>();
    const sorted = [...ranges].sort((a, b) => a.offset - b.offset);
    const groups: Range[][] = [];
    let groupEnd = -Infinity;
    for (const range of sorted) {
      if (range.offset - groupEnd > COALESCED_GAP) groups.push([]);
      groups.at(-1)!.push(range);
      groupEnd = Math.max(groupEnd, range.offset + range.length);
    }
    await Promise.all(
      groups.map(async (group) => {
        const start = group[0]!.offset;
        const last = group.at(-1)!;
        const bytes = await this.bytes(start, last.offset + last.length - start);
        for (const { name, offset, length } of group) {
          cells.set(name, copyOf(bytes.subarray(offset - start, offset - start + length)));
        }
      }),
    );
    return cells;
  }

  private async bytes(offset: number, length: number): Promise<Uint8Array> {
    if (offset + length <= this.head.length) return this.head.subarray(offset, offset + length);
    const bytes = await this.store.read(this.name, offset, length);
    if (bytes.length !== length) throw damagedProfile(this.name, 'it ends too early');
    return bytes;
  }
}

/** A copy that starts at 0 of its own buffer, so that any typed array may view it. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}

/** Where the metadata of the first record batch ends, as far as `head` tells. */
function metadataEnd(head: Uint8Array): number {
  const batch = messageAt(head, MAGIC_BYTES).end;
  return head.length < batch + PREFIX_BYTES ? batch + HEAD_BYTES : messageAt(head, batch).end;
}

function messageAt(head: Uint8Array, offset: number): { start: number; end: number } {
  if (head.length < offset + PREFIX_BYTES) throw new Error('it ends too early');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = view.getInt32(offset + 4, true);
  if (view.getInt32(offset, true) !== -1 || length < 0 || length > MAXIMUM_METADATA_BYTES) {
    throw new Error('it is no Arrow file');
  }
  return { start: offset + PREFIX_BYTES, end: offset + PREFIX_BYTES + length };
}

/** Reads both messages and says where each column's values lie in the file. */
function locateColumns(
  head: Uint8Array,
  size: number,
  layout: TableLayout,
): { rows: number; offsets: Map<string, number> } {
  const schemaAt = messageAt(head, MAGIC_BYTES);
  const batchAt = messageAt(head, schemaAt.end);
  const schema = readSchema(head.subarray(schemaAt.start, schemaAt.end));
  const batch = readBatch(head.subarray(batchAt.start, batchAt.end));
  if (batch.compressed) throw new Error('it is compressed');

  const offsets = new Map<string, number>();
  let buffer = 0;
  for (const field of schema.fields) {
    const column = layout[field.name];
    if (column === undefined) throw new Error(`its column ${field.name} is unknown`);
    if (!util.compareTypes(field.type, arrowTypeOf(column))) {
      throw new Error(`its column ${field.name} is of another type`);
    }
    // One validity buffer for the column and each level of lists, then the values.
    const region = batch.buffers[buffer + column.shape.length + 1];
    buffer += column.shape.length + 2;
    if (region === undefined || region.length < batch.rows * rowBytesOf(column)) {
      throw new Error(`its column ${field.name} is too short`);
    }
    const offset = batchAt.end + region.offset;
    if (!(region.offset >= 0) || batch.rows < 0 || offset + region.length > size)
      throw new Error('it ends too early');
    offsets.set(field.name, offset);
  }
  const missing = Object.keys(layout).find((name) => !offsets.has(name) && !layout[name]!.isNew);
  if (missing !== undefined) throw new Error(`its column ${missing} is missing`);
  return { rows: batch.rows, offsets };
}
