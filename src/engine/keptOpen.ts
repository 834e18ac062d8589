/** A model is released when nobody asked about it for so long, in milliseconds. */
const QUIET = 5 * 60_000;

interface Disposable {
  dispose(): Promise<void>;
}

/** Which model is asked for, and what else it must be open for. */
interface Wanted<Opened> {
  /** Which one is meant. */
  readonly key: string;
  /** Whether one that is open under that key answers what is asked. @throws what stands against any that would be opened */
  readonly serves: (opened: Opened) => boolean;
}

interface Entry<Opened> {
  readonly key: string;
  readonly opened: Promise<Opened>;
  /** Who works with it: a long run may, while questions about another one come between its batches. */
  users: number;
}

/** Keeps the model that was asked about last open, until it is quiet: the next question is usually for the same one. */
export class KeptOpen<Opened extends Disposable> {
  private last: Entry<Opened> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  /**
   * @param open opens one where none that serves is open
   * @throws what opening and the work throw
   */
  async use<Answer>(
    wanted: Wanted<Opened>,
    open: () => Promise<Opened>,
    work: (opened: Opened) => Promise<Answer>,
  ): Promise<Answer> {
    const entry = (await this.take(wanted)) ?? this.change(wanted.key, open);
    return this.workWith(entry, work);
  }

  /** Works with the model where it is open, and with null where it is not: nothing is opened. */
  async lend<Answer>(
    wanted: Wanted<Opened>,
    work: (opened: Opened | null) => Promise<Answer>,
  ): Promise<Answer> {
    const entry = await this.take(wanted);
    return entry ? this.workWith(entry, work) : work(null);
  }

  /** The one that is open, with a user more; null where it is another one, or does not serve. */
  private async take({ key, serves }: Wanted<Opened>): Promise<Entry<Opened> | null> {
    const { last } = this;
    if (last?.key !== key) return null;
    last.users += 1;
    let isWanted = false;
    try {
      const opened = await last.opened.catch(() => null);
      isWanted = opened !== null && serves(opened);
    } finally {
      if (!isWanted) await this.leave(last);
    }
    return isWanted ? last : null;
  }

  private change(key: string, open: () => Promise<Opened>): Entry<Opened> {
    const entry = { key, opened: this.close().then(open), users: 1 };
    this.last = entry;
    return entry;
  }

  private async workWith<Answer>(
    entry: Entry<Opened>,
    work: (opened: Opened) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await work(await entry.opened);
    } finally {
      await this.leave(entry);
    }
  }

  private async leave(entry: Entry<Opened>): Promise<void> {
    entry.users -= 1;
    if (entry === this.last) this.releaseLater();
    else await release(entry);
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
  if (users > 0) return;
  const open = await opened.catch(() => null);
  await open?.dispose();
}
