/** Lets short questions go before the next batch of a long run: the model has one thread, so one thing runs at a time. */
export class Scheduler {
  private readonly questions: (() => Promise<void>)[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private answering: Promise<void> | null = null;

  /**
   * A long run, such as a profile, of which another may begin meanwhile: they take turns between their batches. While one
   * holds the engine, questions wait for its next `turn`.
   * @throws what the work throws
   */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const run = this.turn().then(work);
    this.running.add(run);
    try {
      return await run;
    } finally {
      this.running.delete(run);
      void this.answerAll();
    }
  }

  /** Resolves when the long runs, if there are any, have ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.running);
  }

  /** Awaited by the long run between two batches: messages are read, then every waiting question is answered. */
  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await this.answerAll();
  }

  /**
   * A short question: at once when nothing runs, else between two batches, in the order in which they came.
   * One that was cancelled while it waited is never begun.
   * @throws what the work throws, or the signal's reason
   */
  ask<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const answer = new Promise<void>((resolve) => {
      this.questions.push(() => {
        resolve();
        return finished.then(
          () => undefined,
          () => undefined,
        );
      });
    });
    const finished = answer.then(() => {
      signal.throwIfAborted();
      return work();
    });
    if (this.running.size === 0) void this.answerAll();
    return finished;
  }

  private answerAll(): Promise<void> {
    this.answering ??= this.answerInOrder().finally(() => {
      this.answering = null;
      // One may have come after the last was answered, and found this still under way.
      return this.questions.length > 0 ? this.answerAll() : undefined;
    });
    return this.answering;
  }

  private async answerInOrder(): Promise<void> {
    for (let next = this.questions.shift(); next; next = this.questions.shift()) await next();
  }
}
