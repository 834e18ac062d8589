import { sameSite } from '../../core/common/neuronAddress';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { ChangeableSession } from '../onnxruntime/changeableSession';
import type { SessionSettings } from '../onnxruntime/session';
import type { Cause } from './openCause';
import type { WholeModel } from './wholeModel';
import type { HeldSession, WholeSessions } from './wholeSessions';

/** A whole model with neurons that each run may change: one that is open already where that can be had, else one of its own. */
export class HeadChanges {
  private readonly own = new Map<string, HeldSession<ChangeableSession>>();
  private lent: Cause | null = null;

  /** @param sites whose neurons can be changed */
  constructor(
    private readonly whole: WholeModel,
    readonly sites: readonly LocatedSite[],
    private readonly sessions: WholeSessions,
    private readonly settings: SessionSettings,
  ) {}

  /** @param output logits, or what comes before a cap */
  async giving(output: string): Promise<ChangeableSession> {
    if (this.lent && this.gives(this.lent, output)) {
      await this.own.get(output)?.close();
      return this.lent.changeable;
    }
    const held = this.own.get(output) ?? this.sessions.hold(() => this.open(output));
    this.own.set(output, held);
    return held.use();
  }

  /**
   * @param cause of the same file, open as long as the work takes; null: none is
   */
  async borrowing<Answer>(cause: Cause | null, work: () => Promise<Answer>): Promise<Answer> {
    this.lent = cause;
    try {
      return await work();
    } finally {
      this.lent = null;
    }
  }

  /** Closes those of its own, until they are wanted again. */
  async letGo(): Promise<void> {
    await Promise.all([...this.own.values()].map((held) => held.close()));
  }

  /** Whether a model that is open for changes gives the output, and has all the neurons. */
  private gives({ analysed, changeable, quantity, sites }: Cause, output: string): boolean {
    return (
      analysed.sha256 === this.whole.analysed.sha256 &&
      quantity === 'act' &&
      changeable.reader === null &&
      changeable.output === output &&
      this.sites.every(({ site }) => sites.some((other) => sameSite(other.site, site)))
    );
  }

  private open(output: string): Promise<ChangeableSession> {
    const { modelPackage, analysed } = this.whole;
    return ChangeableSession.open(modelPackage, analysed, this.sites, output, this.settings);
  }
}
