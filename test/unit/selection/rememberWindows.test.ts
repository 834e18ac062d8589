import { describe, expect, it } from 'vitest';
import type { ActivationModel, TokenBatch } from '../../../src/core/onnx/activationModel';
import { rememberWindows } from '../../../src/core/selection/rememberWindows';

/** A model that counts its runs and writes every one into the same memory, as onnxruntime's outputs are reused. */
function countingModel() {
  const values = new Float32Array(4);
  const runs: string[] = [];
  const model = {
    run: ({ ids }: TokenBatch) => {
      runs.push(ids.join());
      values.fill(ids[0]!);
      return Promise.resolve([{ values }]);
    },
  } as unknown as ActivationModel;
  return { model, runs };
}

const window = (...ids: number[]): TokenBatch => ({
  rows: 1,
  width: ids.length,
  ids: Uint32Array.from(ids),
  lengths: Uint32Array.of(ids.length),
});

describe('rememberWindows', () => {
  it('runs a window once, and keeps its values while others are run', async () => {
    const { model, runs } = countingModel();
    const remembering = rememberWindows(model, 1000);
    const first = await remembering.run(window(7, 8));
    await remembering.run(window(5, 6));
    expect([...first[0]!.values]).toEqual([7, 7, 7, 7]);
    expect(await remembering.run(window(7, 8))).toBe(first);
    expect(runs).toEqual(['7,8', '5,6']);
  });

  it('forgets the window that was asked for longest ago when there is no more room', async () => {
    const { model, runs } = countingModel();
    const remembering = rememberWindows(model, 32);
    for (const id of [1, 2, 1, 3, 1, 2]) await remembering.run(window(id));
    expect(runs).toEqual(['1', '2', '3', '2']);
  });

  it('keeps one window that is larger than the room', async () => {
    const { model, runs } = countingModel();
    const remembering = rememberWindows(model, 0);
    for (const id of [1, 1, 2, 2, 1]) await remembering.run(window(id));
    expect(runs).toEqual(['1', '2', '1']);
  });

  it('does not keep batches of several windows', async () => {
    const { model, runs } = countingModel();
    const remembering = rememberWindows(model, 1000);
    const batch = { ...window(1, 2), rows: 2, width: 1, lengths: Uint32Array.of(1, 1) };
    await remembering.run(batch);
    await remembering.run(batch);
    expect(runs).toHaveLength(2);
  });
});
