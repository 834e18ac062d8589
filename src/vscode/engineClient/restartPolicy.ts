/** Crashes within this time count together; in milliseconds. */
const WINDOW = 3 * 60_000;
const MOST_CRASHES = 5;
const FIRST_DELAY = 250;

/** When to start the engine again after it crashed: soon, then later and later, and not for ever. */
export class RestartPolicy {
  private crashes: number[] = [];

  /** Told of a crash. @param now milliseconds on any clock that only goes forward */
  crashed(now: number): void {
    this.crashes = [...this.crashes.filter((time) => now - time < WINDOW), now];
  }

  /** 5 crashes in 3 minutes: another start would only fail again. */
  get exhausted(): boolean {
    return this.crashes.length >= MOST_CRASHES;
  }

  /** Milliseconds between the last crash and the next start. */
  get delay(): number {
    return this.crashes.length === 0 ? 0 : FIRST_DELAY * 2 ** (this.crashes.length - 1);
  }

  /** The user asked to try again. */
  reset(): void {
    this.crashes = [];
  }
}
