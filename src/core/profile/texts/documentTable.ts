import {
  Dictionary,
  Float64,
  Int32,
  Uint32,
  Utf8,
  tableFromIPC,
  vectorFromArray,
  type DataType,
  type Vector,
} from 'apache-arrow';
import type { FileStore } from '../fileStore';
import { damagedProfile } from '../damagedProfile';
import { encodeVectors } from '../table/encodeVectors';
import { requirePlausibleRows } from '../table/requirePlausibleRows';
import { readRanges, writeRanges, type HeldTokens } from '../units';
import type { DocumentRow } from './documentRow';

/** The documents of a segment, sorted by key: a summary's `document` is a row of this table. */
export interface DocumentTable {
  readonly length: number;
  key(row: number): string;
  row(row: number): DocumentRow;
}

/** A table that is in memory already. */
export function documentTable(rows: readonly DocumentRow[]): DocumentTable {
  const at = (row: number): DocumentRow => {
    const found = rows[row];
    if (!found) throw new RangeError(`document ${row} of ${rows.length}`);
    return found;
  };
  return { length: rows.length, key: (row) => at(row).key, row: at };
}

/** Encodes documents as an ordinary Arrow IPC file. */
export function encodeDocuments(documents: readonly DocumentRow[]): Promise<Uint8Array[]> {
  const column = (type: DataType, of: (document: DocumentRow) => unknown): Vector =>
    vectorFromArray(documents.map(of), type);
  return encodeVectors({
    key: column(new Utf8(), ({ key }) => key),
    file: column(new Dictionary(new Utf8(), new Int32(), 0), ({ file }) => file),
    held: column(new Utf8(), ({ held }) => held && writeRanges(held)),
    record: column(new Int32(), ({ record }) => record),
    part: column(new Uint32(), ({ part }) => part),
    first_token: column(new Uint32(), ({ firstToken }) => firstToken),
    tokens: column(new Uint32(), ({ tokenCount }) => tokenCount),
    text_start: column(new Uint32(), ({ textStart }) => textStart),
    offset_base: column(new Float64(), ({ offsetBase }) => offsetBase),
  });
}

/** @throws LensError `invalid-profile` when the file is missing or damaged. */
export async function readDocuments(store: FileStore, name: string): Promise<DocumentTable> {
  if ((await store.size(name)) === null) throw damagedProfile(name, 'it is missing');
  const bytes = await store.readAll(name);
  try {
    const table = tableFromIPC(bytes);
    requirePlausibleRows(table, bytes);
    const column = (of: string): Vector => {
      const vector = table.getChild(of);
      if (!vector) throw new Error(`its column ${of} is missing`);
      return vector;
    };
    const keys = column('key');
    const files = column('file');
    // Profiles of format 1 had it in the manifest, and are not gone on with.
    const held = table.getChild('held');
    const records = column('record');
    const numbers = ['part', 'first_token', 'tokens', 'text_start', 'offset_base'].map(column);
    const key = (row: number): string => textOf(keys.get(row), name);
    return {
      length: table.numRows,
      key,
      row: (row) => {
        const [part, firstToken, tokenCount, textStart, offsetBase] = numbers.map((vector) =>
          Number(vector.get(row)),
        );
        const record: unknown = records.get(row);
        return {
          key: key(row),
          held: heldOf(held?.get(row), name),
          file: textOf(files.get(row), name),
          record: record === null ? null : Number(record),
          part: part!,
          firstToken: firstToken!,
          tokenCount: tokenCount!,
          textStart: textStart!,
          offsetBase: offsetBase!,
        };
      },
    };
  } catch (error) {
    throw damagedProfile(name, error instanceof Error ? error.message : String(error), error);
  }
}

function heldOf(value: unknown, name: string): HeldTokens {
  try {
    return typeof value === 'string' ? readRanges(value) : null;
  } catch (error) {
    throw damagedProfile(name, error instanceof Error ? error.message : String(error), error);
  }
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string')
    throw damagedProfile(name, 'it has fewer documents than its neurons refer to');
  return value;
}
