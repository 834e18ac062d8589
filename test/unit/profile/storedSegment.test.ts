import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { PROFILE_VERSION } from '../../../src/core/profile/manifest';
import { StoredSegment } from '../../../src/core/profile/segments/storedSegment';
import { writeSegment } from '../../../src/core/profile/segments/writeSegment';
import { neuronOf } from '../stats/neuronOf';
import { MemoryFileStore } from './memoryFileStore';
import { ffnTable, syntheticSegment } from './syntheticSegment';

const TABLES = [ffnTable(0, 7), ffnTable(1, 13)];
const SEGMENT = syntheticSegment(TABLES, 20);

/** A disk on which writes take a while and those of one name fail. */
class SlowStore extends MemoryFileStore {
  begun = 0;
  ended = 0;

  constructor(private readonly failing: string) {
    super();
  }

  override async write(name: string, chunks: Iterable<Uint8Array>): Promise<void> {
    this.begun += 1;
    await new Promise((done) => setTimeout(done, 5));
    this.ended += 1;
    if (name.startsWith(this.failing)) throw new Error('no room for L1');
    await super.write(name, chunks);
  }
}

async function written(): Promise<MemoryFileStore> {
  const store = new MemoryFileStore();
  await writeSegment(store, 'segments/0000', TABLES, SEGMENT);
  return store;
}

describe('a segment on disk', () => {
  it('gives back every column of every table', async () => {
    const segment = await StoredSegment.open(await written(), 'segments/0000', TABLES, PROFILE_VERSION);
    for (const index of [0, 1]) expect(await segment.table(index)).toEqual(await SEGMENT.table(index));
  });

  it('gives one neuron as the same row of the whole table', async () => {
    const segment = await StoredSegment.open(await written(), 'segments/0000', TABLES, PROFILE_VERSION);
    const { summary } = await SEGMENT.table(1);
    for (const neuron of [0, 5, 12]) {
      expect((await segment.neuron(1, neuron)).summary).toEqual(neuronOf(summary, neuron));
    }
  });

  it('reads a neuron by ranges that do not grow with the table', async () => {
    const tables = [ffnTable(0, 1024)];
    const store = new MemoryFileStore();
    await writeSegment(store, 'segments/0000', tables, syntheticSegment(tables, 20));
    const segment = await StoredSegment.open(store, 'segments/0000', tables, PROFILE_VERSION);
    await segment.neuron(0, 0);
    store.reads.count = store.reads.bytes = 0;
    await segment.neuron(0, 1023);
    expect(store.reads.bytes).toBeLessThan(100_000);
    expect(store.reads.count).toBeLessThan(30);
  });

  it('leaves no write under way when one of several has failed', async () => {
    const tables = Array.from({ length: 6 }, (_, layer) => ffnTable(layer, 3));
    const slow = new SlowStore('segments/0000/L1');
    const writing = writeSegment(slow, 'segments/0000', tables, syntheticSegment(tables, 20));
    await expect(writing).rejects.toThrow('no room for L1');
    expect(slow.begun).toBeGreaterThan(2);
    expect(slow.ended).toBe(slow.begun);
  });

  it('keeps the documents', async () => {
    const segment = await StoredSegment.open(await written(), 'segments/0000', TABLES, PROFILE_VERSION);
    expect(segment.documents.length).toBe(20);
    expect(segment.documents.row(7)).toEqual(SEGMENT.documents.row(7));
  });

  it('is a folder of ordinary Arrow files', async () => {
    const store = await written();
    const table = tableFromIPC(await store.readAll('segments/0000/L1.act.arrow'));
    const { summary } = await SEGMENT.table(1);
    expect(table.numRows).toBe(13);
    expect(table.getChild('mean')!.toArray()).toEqual(summary.mean);
    expect(table.getChild('bins')!.get(3)).toHaveLength(672);
    expect([...(table.getChild('bins')!.get(3) as Iterable<number>)]).toEqual([
      ...summary.bins.subarray(3 * 672, 4 * 672),
    ]);
  });

  it.each([0, 1, 7, 9, 100, 1000, 4000])(
    'says which file is damaged when it ends after %i bytes',
    async (length) => {
      const store = await written();
      const name = 'segments/0000/L0.act.arrow';
      store.files.set(name, store.files.get(name)!.slice(0, length));
      const segment = await StoredSegment.open(store, 'segments/0000', TABLES, PROFILE_VERSION);
      await expect(segment.table(0)).rejects.toMatchObject({
        code: 'invalid-profile',
        message: expect.stringContaining(name) as string,
      });
    },
  );

  it('refuses a table of other neurons', async () => {
    const store = await written();
    store.files.set('segments/0000/L0.act.arrow', store.files.get('segments/0000/L1.act.arrow')!);
    const segment = await StoredSegment.open(store, 'segments/0000', TABLES, PROFILE_VERSION);
    await expect(segment.table(0)).rejects.toMatchObject({ code: 'invalid-profile' });
  });
});
