import { createHash } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { xxh32 } from '../../../src/core/common/xxh32';
import {
  CheckedStore,
  HEAD_BYTES,
  RecordedStore,
  verifyFiles,
  type FileRecords,
} from '../../../src/core/profile/files/fileRecords';
import { contentHash } from '../../../src/runtime/files/hashFile';
import { MemoryFileStore } from './memoryFileStore';

/** Files of which readers take a part, and those that they take whole. */
const BY_RANGE = [
  'texts/0000/tokens.arrow',
  'texts/0012/text.deflate',
  'segments/0000/L0.act.arrow',
  'segments/12345/enc-L3.gate.arrow',
  'snapshots/0001/L10.E3.up.arrow',
];
const WHOLE = [
  'manifest.json',
  'sites.json',
  'metrics.arrow',
  'files.arrow',
  'texts/0000/blocks.arrow',
  'segments/0000/documents.arrow',
  'segments/0012/population.arrow',
  'snapshots/0001/metrics.arrow',
  'snapshots/0001/files.arrow',
  'annexes/concepts-0000/results.json',
  'annexes/segments-0000/0000',
];
const content = Uint8Array.from({ length: 3 * HEAD_BYTES }, (_, index) => (index * 31) % 251);

let store: MemoryFileStore;
let recorded: RecordedStore;
beforeEach(async () => {
  store = new MemoryFileStore();
  recorded = new RecordedStore(store, contentHash);
  // In pieces that the end of the head falls within.
  for (const name of [...BY_RANGE, ...WHOLE].reverse())
    await recorded.write(name, [
      content.subarray(0, 5),
      content.subarray(5, 30_000),
      content.subarray(30_000),
    ]);
});
const all = () => recorded.records(() => true);
const damaged = (reason: string) => ({
  code: 'invalid-profile',
  message: expect.stringContaining(reason) as string,
});

it('records what was written, in the order of names: its length, its hash, and a check of what readers take first', () => {
  const head = { checked: HEAD_BYTES, xxh32: xxh32(content.subarray(0, HEAD_BYTES)) };
  const whole = { checked: content.length, xxh32: xxh32(content) };
  const sha256 = createHash('sha256').update(content).digest('hex');
  const expected = [...BY_RANGE, ...WHOLE].sort().map((name) => {
    const check = BY_RANGE.includes(name) ? head : whole;
    return [name, { bytes: content.length, sha256, ...check }];
  });
  expect(Object.entries(all())).toEqual(expected);
  expect(Object.keys(recorded.records((name) => name.startsWith('texts/')))).toEqual([
    'texts/0000/blocks.arrow',
    'texts/0000/tokens.arrow',
    'texts/0012/text.deflate',
  ]);
});

it('forgets what was removed, and goes on from earlier records', async () => {
  await recorded.remove('sites.json');
  expect(all()).not.toHaveProperty('sites.json');
  const later = new RecordedStore(store, contentHash, all());
  await later.write('manifest.json', [new Uint8Array(3)]);
  const { 'manifest.json': written, ...others } = later.records(() => true);
  expect(written).toMatchObject({ bytes: 3, checked: 3 });
  expect(others).toEqual(recorded.records((name) => name !== 'manifest.json'));
});

it('passes on what is as the manifest says, and nothing else', async () => {
  const checked = new CheckedStore(store, all());
  for (const name of [...BY_RANGE, ...WHOLE]) {
    expect(await checked.size(name)).toBe(content.length);
    expect(Buffer.from(content).equals(await checked.readAll(name))).toBe(true);
    expect(await checked.read(name, 40_000, 8)).toEqual(content.slice(40_000, 40_008));
  }
  await expect(checked.write()).rejects.toThrow('is not written');
  await expect(checked.remove()).rejects.toThrow('is not written');
  expect(await checked.size('gone')).toBeNull();
  await store.write('toString', [content]);
  await expect(checked.size('toString')).rejects.toMatchObject(damaged('the manifest does not know it'));
  await expect(checked.readAll('toString')).rejects.toMatchObject(damaged('the manifest does not know it'));
});

it.each<[string, (bytes: Uint8Array) => Uint8Array, 'head' | 'tail']>([
  ['a bit of its beginning', (bytes) => bytes.with(HEAD_BYTES - 1, bytes[HEAD_BYTES - 1]! ^ 1), 'head'],
  ['a bit behind it', (bytes) => bytes.with(HEAD_BYTES, bytes[HEAD_BYTES]! ^ 1), 'tail'],
  ['its last byte, cut off', (bytes) => bytes.slice(0, -1), 'tail'],
  ['a byte more', (bytes) => Uint8Array.from([...bytes, 0]), 'tail'],
  ['all but its beginning', (bytes) => bytes.slice(0, HEAD_BYTES - 1), 'head'],
])('finds %s changed: a reader where it takes it, a check of everything always', async (_, change, where) => {
  const [name, whole] = ['texts/0000/tokens.arrow', 'sites.json'] as const;
  const records: FileRecords = all();
  for (const file of [name, whole]) store.files.set(file, change(store.files.get(file)!));
  const checked = new CheckedStore(store, records);
  const head = checked.read(name, 0, HEAD_BYTES);
  if (where === 'head') await expect(head).rejects.toMatchObject(damaged(name));
  else expect(Buffer.from(content.slice(0, HEAD_BYTES)).equals(await head)).toBe(true);
  const isLonger = store.files.get(whole)!.length > content.length;
  // Of a file that has grown the size tells it, which is asked before it is read.
  await expect(isLonger ? checked.size(whole) : checked.readAll(whole)).rejects.toMatchObject(damaged(whole));
  for (const file of [name, whole])
    await expect(verifyFiles(store, { [file]: records[file]! }, contentHash)).rejects.toMatchObject(
      damaged(file),
    );
});

it('verifies files of many pieces, and misses those that are gone', async () => {
  const large = new Uint8Array((1 << 22) + 7).map((_, index) => index % 253);
  await recorded.write('segments/0000/L1.act.arrow', [large]);
  await expect(verifyFiles(store, all(), contentHash)).resolves.toBeUndefined();
  store.files.get('segments/0000/L1.act.arrow')![large.length - 1]! ^= 1;
  await expect(verifyFiles(store, all(), contentHash)).rejects.toMatchObject(damaged('not what was written'));
  await store.remove('segments/0000/L0.act.arrow');
  await expect(verifyFiles(store, all(), contentHash)).rejects.toMatchObject(damaged('it is missing'));
});
