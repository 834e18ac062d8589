import { appendFileSync } from 'node:fs';
import { afterAll, vi } from 'vitest';
import { randomOf, type Random } from '../../src/core/common/random';

/** Whether every fault is tried (`npm run test:faults`), or the few that `npm test` has minutes for. */
export const WHOLE = process.env.NEURON_LENS_FAULTS === 'full';

// All faults of a kind are one test, and what they need is made in one hook.
vi.setConfig({ testTimeout: WHOLE ? 3_600_000 : 300_000, hookTimeout: 300_000 });

/** What came of the faults of one kind. The test itself fails where one is not survived as promised. */
export interface FaultCount {
  tried: number;
  survived: number;
  /** Tokens that had been counted before the fault, and had to be read again after it. */
  tokensLost: number;
}

/**
 * Counts the faults of one kind in a test file, and says the sum when the file is done (docs/reliability.md).
 * @param kind in words, such as "kills of merge"
 */
export function countFaults(kind: string): FaultCount {
  const count: FaultCount = { tried: 0, survived: 0, tokensLost: 0 };
  afterAll(() => {
    const { tried, survived, tokensLost } = count;
    console.log(`faults: ${kind}: ${tried} tried, ${survived} survived, ${tokensLost} tokens lost`);
    const file = process.env.NEURON_LENS_FAULT_COUNTS;
    if (file) appendFileSync(file, `${JSON.stringify({ kind, ...count })}\n`);
  });
  return count;
}

/** @returns how many of a kind are tried: all in the whole suite, a few in `npm test` */
export function howMany(whole: number, few: number): number {
  return WHOLE ? whole : few;
}

/** The random numbers by which a kind of fault is drawn: the same for the same NEURON_LENS_FAULT_SEED. */
export function randomFaults(kind: string): Random {
  return randomOf(`${kind} ${process.env.NEURON_LENS_FAULT_SEED ?? '1'}`);
}
