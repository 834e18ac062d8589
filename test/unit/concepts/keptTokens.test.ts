import { describe, expect, it } from 'vitest';
import { KeptTokens } from '../../../src/core/concepts/keptTokens';
import { walkTokens, type WalkedBatch, type WalkSetup } from '../../../src/core/concepts/tokenWalk';
import type { ActivationModel } from '../../../src/core/onnx/activationModel';
import { openDocument } from '../../../src/core/pipeline/openDocument';
import { planWindows } from '../../../src/core/text/windows';
import { fakeModel } from '../pipeline/fakes';
import { ffnTable } from '../profile/syntheticSegment';

const WIDTHS = [3, 2];
const LENGTHS = [90, 17, 64, 5, 33, 40];
const outputs = WIDTHS.map((width, layer) => ffnTable(layer, width));

/** Its values tell the batch that they come from: those of other batches are other values. */
function shapeModel(ran: string[]): ActivationModel {
  return fakeModel({
    outputs,
    sites: outputs.map(({ site }) => site),
    run: ({ rows, width, ids }) => {
      ran.push(`${rows}x${width}`);
      return Promise.resolve(
        outputs.map((output) => {
          const { dFf } = output.site;
          const values = Float32Array.from(
            { length: rows * width * dFf },
            (_, i) => 1000 * rows + width + ids[Math.floor(i / dFf)]! / 64 + (i % dFf),
          );
          return { ...output, values, positions: null };
        }),
      );
    },
  });
}

const windows = LENGTHS.flatMap((length, number) => {
  const planned = planWindows(length, { length: 32, stride: 24, scoring: 'left' });
  const tokens = {
    ids: Uint32Array.from({ length }, (_, i) => 10 + i),
    starts: new Uint32Array(length),
    ends: new Uint32Array(length),
    special: new Uint8Array(length),
    unknown: new Uint8Array(length),
  };
  const document = openDocument(`${number}`, number, tokens, planned, true, 0);
  return planned.map((window) => ({ document, window }));
});
const numbers = LENGTHS.map((length, at) =>
  Int32Array.from({ length }, (_, i) => LENGTHS.slice(0, at).reduce((sum, n) => sum + n, i)),
);
const ALL = LENGTHS.reduce((sum, n) => sum + n, 0);

function setupOf(ran: string[], signal = new AbortController().signal): WalkSetup & { tokens: number } {
  const setup = {
    model: shapeModel(ran),
    frame: { before: [1], after: [] },
    batchTokens: 100,
    numbers,
    signal,
    tokens: 0,
    ran: (tokens: number) => (setup.tokens += tokens),
  };
  return setup;
}

/** By table, the values of every token in the order of their numbers. */
async function valuesOf(walk: AsyncIterable<WalkedBatch>, kept?: KeptTokens): Promise<Float32Array[]> {
  const all = WIDTHS.map((width) => new Float32Array(ALL * width));
  for await (const walked of walk) {
    kept?.keep(walked);
    for (const { table, output, tokens } of walked.tables) {
      const width = WIDTHS[table]!;
      tokens.rows.forEach((row, i) =>
        all[table]!.set(output.values.subarray(row * width, (row + 1) * width), tokens.numbers[i]! * width),
      );
    }
  }
  return all;
}

describe('tokens that are kept for a second walk', () => {
  it.each([
    ['all', Infinity],
    ['some', 2_500],
    ['none', 0],
  ])('have the values of the first, and only what found no room is run again: %s', async (share, room) => {
    const kept = new KeptTokens(room, () => true);
    const [once, again]: string[][] = [[], []];
    const first = await valuesOf(walkTokens(windows, ALL, setupOf(once!)), kept);
    const setup = setupOf(again!);
    expect(await valuesOf(kept.walkAgain(windows, ALL, setup))).toEqual(first);
    expect(first.every((values) => values.every((value) => value > 0))).toBe(true);
    expect(setup.tokens).toBe(ALL);
    const runs = { all: 0, none: once!.length }[share];
    if (runs === undefined) expect(again).toEqual(once!.slice(-again!.length));
    else expect(again).toHaveLength(runs);
    if (share === 'some') expect(again!.length).toBeLessThan(once!.length);
  });

  it('are of the tables alone that will be asked for', async () => {
    const kept = new KeptTokens(Infinity, (table) => table === 1);
    await valuesOf(walkTokens(windows, ALL, setupOf([])), kept);
    const tables = new Set<number>();
    for await (const walked of kept.walkAgain(windows, ALL, setupOf([])))
      walked.tables.forEach(({ table }) => tables.add(table));
    expect([...tables]).toEqual([1]);
  });

  it('are not walked over once the run is stopped', async () => {
    const kept = new KeptTokens(Infinity, () => true);
    await valuesOf(walkTokens(windows, ALL, setupOf([])), kept);
    const controller = new AbortController();
    controller.abort(new Error('stopped here'));
    await expect(valuesOf(kept.walkAgain(windows, ALL, setupOf([], controller.signal)))).rejects.toThrow(
      'stopped here',
    );
  });
});
