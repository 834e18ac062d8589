const DEFAULT_INTERVAL_MS = 60_000;
/** The first saving comes sooner, so that there is something to look at. */
const FIRST_PART_OF_INTERVAL = 1 / 6;
/** Saving takes at most this part of the time. */
const TIMES_THE_LAST = 50;

/** When a run is saved: every max(60 s, 50 × the time that the last saving took), for the first time after 10 s. */
export class SaveSchedule {
  private due: number;

  constructor(
    private readonly clock: () => number,
    private readonly interval = DEFAULT_INTERVAL_MS,
  ) {
    this.due = clock() + interval * FIRST_PART_OF_INTERVAL;
  }

  get isDue(): boolean {
    return this.clock() >= this.due;
  }

  /** Measures a saving and plans the next one. */
  async during<Result>(save: () => Promise<Result>): Promise<Result> {
    const started = this.clock();
    const result = await save();
    const ended = this.clock();
    this.due = ended + Math.max(this.interval, TIMES_THE_LAST * (ended - started));
    return result;
  }
}
