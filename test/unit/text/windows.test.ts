import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultStride, planWindows, windowPlanOf } from '../../../src/core/text/windows';
import type { Window, WindowPlan } from '../../../src/core/text/windows';

const plans = fc.integer({ min: 1, max: 40 }).chain((length) =>
  fc.record({
    length: fc.constant(length),
    stride: fc.integer({ min: 1, max: length }),
    scoring: fc.constantFrom('left' as const, 'nearer' as const),
  }),
);
const tokenCounts = fc.integer({ min: 0, max: 300 });

/** docs/methods.md taken at its word: among the windows that hold the token, the one that scores highest. */
function ownerByDefinition(token: number, windows: readonly Window[], plan: WindowPlan): number {
  const score = ({ start, end }: Window): number =>
    plan.scoring === 'left' ? token - start : Math.min(token - start, end - 1 - token);
  let best = -1;
  windows.forEach((window, index) => {
    if (token < window.start || token >= window.end) return;
    if (best < 0 || score(window) > score(windows[best]!)) best = index;
  });
  return best;
}

describe('planWindows', () => {
  it('lets every token be owned once, by the window that the definition names', () => {
    fc.assert(
      fc.property(tokenCounts, plans, (tokenCount, plan) => {
        const windows = planWindows(tokenCount, plan);
        const owners = Array.from({ length: tokenCount }, () => [] as number[]);
        windows.forEach((window, index) => {
          for (let token = window.ownedStart; token < window.ownedEnd; token++) owners[token]!.push(index);
        });
        expect(owners).toEqual(owners.map((_, token) => [ownerByDefinition(token, windows, plan)]));
      }),
      { numRuns: 500 },
    );
  });

  it('strides from the start of the document and stops at the window that reaches its end', () => {
    fc.assert(
      fc.property(tokenCounts, plans, (tokenCount, plan) => {
        const windows = planWindows(tokenCount, plan);
        expect(windows.map(({ start, end }) => [start, end])).toEqual(
          windows.map((_, index) => [
            index * plan.stride,
            Math.min(index * plan.stride + plan.length, tokenCount),
          ]),
        );
        expect(windows.filter(({ end }) => end === tokenCount)).toHaveLength(tokenCount === 0 ? 0 : 1);
        expect(windows.every(({ ownedStart, ownedEnd }) => ownedStart < ownedEnd)).toBe(true);
      }),
    );
  });

  it('cuts 600 tokens at 256 and 224 as docs/methods.md says', () => {
    const plan = { length: 256, stride: 224 };
    expect(planWindows(600, { ...plan, scoring: 'left' })).toEqual([
      { start: 0, end: 256, ownedStart: 0, ownedEnd: 256 },
      { start: 224, end: 480, ownedStart: 256, ownedEnd: 480 },
      { start: 448, end: 600, ownedStart: 480, ownedEnd: 600 },
    ]);
    expect(planWindows(600, { ...plan, scoring: 'nearer' })).toEqual([
      { start: 0, end: 256, ownedStart: 0, ownedEnd: 240 },
      { start: 224, end: 480, ownedStart: 240, ownedEnd: 464 },
      { start: 448, end: 600, ownedStart: 464, ownedEnd: 600 },
    ]);
  });

  it('refuses a stride that leaves tokens out', () => {
    expect(() => planWindows(10, { length: 4, stride: 5, scoring: 'left' })).toThrow(/leave tokens out/);
    expect(() => planWindows(10, { length: 0, stride: 1, scoring: 'left' })).toThrow(/0 tokens long/);
    for (const stride of [0, -1, 1.5, NaN])
      expect(() => planWindows(10, { length: 4, stride, scoring: 'left' })).toThrow(/leave tokens out/);
    for (const length of [-1, 1.5, NaN])
      expect(() => planWindows(10, { length, stride: 1, scoring: 'left' })).toThrow(/tokens long/);
  });
});

describe('windowPlanOf', () => {
  it('leaves room for the special tokens around a window', () => {
    const plan = windowPlanOf({ window: 20, stride: 8, scoring: 'nearer' }, { before: [1], after: [2, 3] });
    expect(plan).toEqual({ length: 17, stride: 8, scoring: 'nearer' });
  });
});

describe('defaultStride', () => {
  it('overlaps by 32 tokens, and by half in short windows', () => {
    expect([256, 128, 64, 40, 33, 1].map(defaultStride)).toEqual([224, 96, 32, 20, 17, 1]);
  });
});
