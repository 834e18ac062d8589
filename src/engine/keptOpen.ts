/** A model is released when nobody asked about it for so long, in milliseconds. */
const QUIET = 5 * 60_000;

interface Disposable {
  dispose(): Promise<void>;
}

/** Keeps the model that was asked about last open, until it is quiet: the next question is usually for the same one. */
export class KeptOpen<Opened extends Disposable> {
  private last: { readonly key: string; readonly opened: Opened } | null = null;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  /**
   * @param key says which one is meant
   * @param open opens it where it is not the one that is open
   */
  async use<Answer>(
    key: string,
    open: () => Promise<Opened>,
    work: (opened: Opened) => Promise<Answer>,
  ): Promise<Answer> {
    this.asked += 1;
    try {
      const known = this.last?.key === key ? this.last.opened : null;
      if (known) return await work(known);
      await this.close();
      const opened = await open();
      this.last = { key, opened };
      return await work(opened);
    } finally {
      this.asked -= 1;
      this.releaseLater();
    }
  }

  private releaseLater(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.asked === 0) void this.close();
    }, QUIET);
    this.timer.unref();
  }

  private async close(): Promise<void> {
    const opened = this.last?.opened;
    this.last = null;
    await opened?.dispose();
  }
}
