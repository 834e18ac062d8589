import { describe, expect, it } from 'vitest';
import { SILENCE_LIMIT } from '../../../src/protocol/engine';
import { SilenceWatch, WATCH_INTERVAL } from '../../../src/vscode/engineClient/silenceWatch';

/** Looks at the watch every interval for so long. @returns whether any look found the silence too long */
function lookFor(watch: SilenceWatch, from: number, milliseconds: number): boolean {
  let isTooLong = false;
  for (let now = from + WATCH_INTERVAL; now <= from + milliseconds; now += WATCH_INTERVAL)
    isTooLong = watch.isTooLong(now) || isTooLong;
  return isTooLong;
}

describe('a silent engine', () => {
  it('is silent for too long after the limit, and not before', () => {
    const watch = new SilenceWatch(0);
    expect(lookFor(watch, 0, SILENCE_LIMIT)).toBe(false);
    expect(lookFor(watch, SILENCE_LIMIT, WATCH_INTERVAL)).toBe(true);
  });

  it('is not while it is heard now and then', () => {
    const watch = new SilenceWatch(0);
    for (let round = 0; round < 50; round++) {
      expect(lookFor(watch, (round * SILENCE_LIMIT) / 2, SILENCE_LIMIT / 2)).toBe(false);
      watch.heard();
    }
  });

  it.each([130_000, 3_600_000, 30 * 86_400_000])(
    'outlives a sleep of %i ms of the whole machine',
    (slept) => {
      const watch = new SilenceWatch(0);
      let now = 0;
      for (let night = 0; night < 20; night++) {
        now += slept;
        // On waking, timers are served before the messages that wait.
        expect(watch.isTooLong(now)).toBe(false);
        watch.heard();
        expect(lookFor(watch, now, WATCH_INTERVAL)).toBe(false);
        now += WATCH_INTERVAL;
      }
    },
  );

  it('outlives a host that is frozen again and again before it can hear a message', () => {
    const watch = new SilenceWatch(0);
    for (let now = 0; now < 100 * SILENCE_LIMIT; now += 5 * WATCH_INTERVAL)
      expect(watch.isTooLong(now)).toBe(false);
  });

  it('is found although the host slept meanwhile', () => {
    const watch = new SilenceWatch(0);
    expect(lookFor(watch, 0, SILENCE_LIMIT / 2)).toBe(false);
    expect(watch.isTooLong(10 * SILENCE_LIMIT)).toBe(false);
    expect(lookFor(watch, 10 * SILENCE_LIMIT, SILENCE_LIMIT / 2 + WATCH_INTERVAL)).toBe(true);
  });
});
