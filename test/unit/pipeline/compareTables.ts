import { expect } from 'vitest';
import type { Segment, TableSummary } from '../../../src/core/profile/segments/segment';
import { mergeSegments } from '../../../src/core/profile/segments/mergedSegment';
import { StoredSegment } from '../../../src/core/profile/segments/storedSegment';
import { readTables } from '../../../src/core/profile/sitesFile';
import type { FileStore } from '../../../src/core/profile/fileStore';
import {
  CONTEXT_LENGTH,
  EMPTY_SLOT,
  type ExampleStore,
  type SampleStore,
  type SiteSummary,
} from '../../../src/core/stats/siteSummary';
import type { Manifest } from '../../../src/core/profile/manifest';

/** All segments of a profile as one. */
export async function wholeSegment(store: FileStore, manifest: Manifest): Promise<Segment> {
  const tables = await readTables(store);
  return mergeSegments(
    await Promise.all(
      manifest.segments.map(({ name }) => StoredSegment.open(store, name, tables, manifest.version)),
    ),
  );
}

const MOMENTS = ['mean', 'm2', 'm3', 'm4', 'absoluteSum'] as const;

/** Equal in everything but the last bits of the moments, and how much was padded. */
export function expectSameTable(actual: TableSummary, expected: TableSummary): void {
  for (const name of MOMENTS) {
    const wanted = expected.summary[name];
    actual.summary[name].forEach((value, neuron) => {
      const tolerance = 1e-9 * Math.abs(wanted[neuron]!) + 1e-12;
      expect(Math.abs(value - wanted[neuron]!), name).toBeLessThanOrEqual(tolerance);
    });
  }
  expectSameColumns(exactColumns(actual.summary), exactColumns(expected.summary));
  expect({ ...actual.excluded, pad: 0 }).toEqual({ ...expected.excluded, pad: 0 });
}

type Columns = Readonly<Record<string, ArrayBufferView>>;

function exactColumns(summary: SiteSummary): Columns {
  const { top, bottom, samples, random } = summary;
  const inexact: readonly string[] = MOMENTS;
  const columns: Record<string, ArrayBufferView> = {};
  for (const [name, column] of Object.entries(summary)) {
    if (ArrayBuffer.isView(column) && !inexact.includes(name)) columns[name] = column;
  }
  for (const [store, kept] of Object.entries({ top, bottom, samples })) {
    for (const [name, column] of Object.entries(emptySlotsCleared(kept)))
      columns[`${store}.${name}`] = column;
  }
  const { count, hash, document, token, value } = random;
  return { ...columns, hash, document, token, value, places: Uint32Array.of(count) };
}

function expectSameColumns(actual: Columns, expected: Columns): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, column] of Object.entries(expected)) {
    if (Buffer.compare(bytesOf(actual[name]!), bytesOf(column)) !== 0)
      expect(actual[name], name).toEqual(column);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** What a slot without a place holds means nothing. */
function emptySlotsCleared(store: ExampleStore & Partial<SampleStore>) {
  const isEmpty = (index: number, perSlot: number) =>
    store.document[Math.floor(index / perSlot)] === EMPTY_SLOT;
  return {
    document: store.document,
    value: store.value.map((value, slot) => (isEmpty(slot, 1) ? 0 : value)),
    token: store.token.map((token, slot) => (isEmpty(slot, 1) ? 0 : token)),
    hash: (store.hash ?? new Uint32Array()).map((hash, slot) => (isEmpty(slot, 1) ? 0 : hash)),
    context: store.context.map((bits, index) => (isEmpty(index, CONTEXT_LENGTH) ? 0 : bits)),
  };
}

export async function expectSameProfile(
  actual: { readonly store: FileStore; readonly manifest: Manifest },
  expected: { readonly store: FileStore; readonly manifest: Manifest },
): Promise<void> {
  const [left, right] = await Promise.all([
    wholeSegment(actual.store, actual.manifest),
    wholeSegment(expected.store, expected.manifest),
  ]);
  const keys = ({ documents }: Segment) =>
    Array.from({ length: documents.length }, (_, row) => documents.key(row));
  expect(keys(left)).toEqual(keys(right));
  const tables = await readTables(expected.store);
  expect(await readTables(actual.store)).toEqual(tables);
  for (const index of tables.keys()) expectSameTable(await left.table(index), await right.table(index));
  expect(actual.manifest.corpus).toEqual(expected.manifest.corpus);
  expect(actual.manifest.state).toBe(expected.manifest.state);
}
