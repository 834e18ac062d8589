import { fileBytes, requireMemory } from './modelMemory';
import type { WholeModel } from './wholeModel';

interface Disposable {
  dispose(): Promise<void>;
}

/** Sessions that hold a whole model each, open side by side where memory has room for that, else in turn. */
export class WholeSessions {
  private readonly held = new Set<HeldSession<Disposable>>();

  constructor(private readonly whole: WholeModel) {}

  /** One that is opened when it is first used, and again where it had to make room. */
  hold<Session extends Disposable>(open: () => Promise<Session>): HeldSession<Session> {
    const session = new HeldSession(open, () => this.makeRoom());
    this.held.add(session);
    return session;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.held].map((session) => session.close()));
  }

  /** @throws LensError `unsupported-model` where not even one fits, with the numbers */
  private async makeRoom(): Promise<void> {
    const needed = fileBytes(this.whole);
    if (needed > process.availableMemory()) await this.dispose();
    requireMemory(this.whole, 'Running', needed);
  }
}

/** One session of a whole model. What `use` gives is good until another one is used. */
export class HeldSession<Session extends Disposable> {
  private session: Promise<Session> | null = null;

  constructor(
    private readonly open: () => Promise<Session>,
    private readonly makeRoom: () => Promise<void>,
  ) {}

  use(): Promise<Session> {
    return (this.session ??= this.makeRoom().then(this.open));
  }

  async close(): Promise<void> {
    const { session } = this;
    this.session = null;
    await (await session?.catch(() => null))?.dispose();
  }
}
