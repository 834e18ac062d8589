/** A model is released when nobody asked about it for so long, in milliseconds. */
const QUIET = 5 * 60_000;

interface Disposable {
  dispose(): Promise<void>;
}

interface Entry<Opened> {
  readonly key: string;
  readonly opened: Opened;
  /** Who works with it: a long run may, while questions about another one come between its batches. */
  users: number;
}

/** Keeps the model that was asked about last open, until it is quiet: the next question is usually for the same one. */
export class KeptOpen<Opened extends Disposable> {
  private last: Entry<Opened> | null = null;
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
    const entry = this.last?.key === key ? this.last : await this.change(key, open);
    entry.users += 1;
    try {
      return await work(entry.opened);
    } finally {
      entry.users -= 1;
      if (entry === this.last) this.releaseLater();
      else await release(entry);
    }
  }

  private async change(key: string, open: () => Promise<Opened>): Promise<Entry<Opened>> {
    await this.close();
    const entry = { key, opened: await open(), users: 0 };
    this.last = entry;
    return entry;
  }

  private releaseLater(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.last?.users === 0) void this.close();
    }, QUIET);
    this.timer.unref();
  }

  private async close(): Promise<void> {
    const { last } = this;
    this.last = null;
    if (last) await release(last);
  }
}

/** Frees a model that nobody works with any more. */
async function release<Opened extends Disposable>({ opened, users }: Entry<Opened>): Promise<void> {
  if (users === 0) await opened.dispose();
}
