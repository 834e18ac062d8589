import { SILENCE_LIMIT } from '../../protocol/engine';

/** How often the watch is to be looked at; in milliseconds. */
export const WATCH_INTERVAL = SILENCE_LIMIT / 10;

/**
 * Whether the engine has been silent for too long, in time that this process was awake: a laptop that slept, or a host
 * that was frozen, has heard nothing either, and a healthy engine must outlive that.
 */
export class SilenceWatch {
  /** Awake time since the engine was last heard. */
  private silent = 0;

  /** @param looked milliseconds on any clock that only goes forward */
  constructor(private looked: number) {}

  /** Any message of the engine. */
  heard(): void {
    this.silent = 0;
  }

  /** Looks once an interval; a look that comes much later tells of sleep, and its time does not count. */
  isTooLong(now: number): boolean {
    const passed = now - this.looked;
    this.looked = now;
    if (passed < 2 * WATCH_INTERVAL) this.silent += passed;
    return this.silent > SILENCE_LIMIT;
  }
}
