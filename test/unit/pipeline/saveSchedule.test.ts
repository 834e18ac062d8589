import { describe, expect, it } from 'vitest';
import { SaveSchedule } from '../../../src/core/pipeline/saveSchedule';

/** A schedule on a clock that stands still until it is told: whether it is due so many seconds on. */
function schedule() {
  let now = 0;
  const tested = new SaveSchedule(() => now);
  return {
    after: (seconds: number) => {
      now += seconds * 1000;
      return tested.isDue;
    },
    save: (seconds: number) => tested.during(() => Promise.resolve((now += seconds * 1000))),
  };
}

describe('when a run is saved', () => {
  it('is first after ten seconds, so that there is something to look at, then every minute', async () => {
    const { after, save } = schedule();
    expect(after(9.9)).toBe(false);
    expect(after(0.2)).toBe(true);
    await save(0.1);
    expect(after(59.9)).toBe(false);
    expect(after(0.2)).toBe(true);
  });

  it('waits fifty times as long as the last saving took where that is longer', async () => {
    const { after, save } = schedule();
    await save(3);
    expect(after(149.9)).toBe(false);
    expect(after(0.2)).toBe(true);
    await save(0.5);
    expect(after(59.9)).toBe(false);
    expect(after(0.2)).toBe(true);
  });
});
