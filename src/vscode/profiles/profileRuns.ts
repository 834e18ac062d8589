import { commands, EventEmitter } from 'vscode';
import { LensError, toLensError } from '../../core/common/errors';
import type { ProfileOutcome, ProfileProgress } from '../../protocol/engine';
import type { EngineClient } from '../engineClient/engineClient';
import { settings } from '../settings';
import type { ProfileLibrary } from './profileLibrary';
import type { ProfileOrder } from './profileEntry';

/** The profile that is being made. */
export interface ProfileRun {
  readonly folder: string;
  readonly order: ProfileOrder;
  /** null until the model is ready. */
  readonly progress: ProfileProgress | null;
}

/** Makes profiles, one at a time, and goes on by itself when the engine crashes on the way. */
export class ProfileRuns {
  private readonly changed = new EventEmitter<ProfileRun | null>();
  /** The run as it stands, several times a second; null when it ended. */
  readonly onDidChange = this.changed.event;
  private run: ProfileRun | null = null;
  private stopping: AbortController | null = null;

  constructor(
    private readonly engine: EngineClient,
    private readonly library: ProfileLibrary,
  ) {}

  get current(): ProfileRun | null {
    return this.run;
  }

  /** Stops the run; what it has is kept as a partial profile. */
  cancel(): void {
    this.stopping?.abort();
  }

  /**
   * Makes the profile of an order in a folder.
   * @param resume go on with the partial profile that is there
   * @throws LensError where another run is under way, where the engine cannot do it, or gave up
   */
  async start(folder: string, order: ProfileOrder, resume: boolean): Promise<ProfileOutcome> {
    if (this.run) {
      throw new LensError(
        'usage',
        `${this.run.order.name} is being profiled. Wait for it, or stop it first.`,
      );
    }
    this.stopping = new AbortController();
    this.update({ folder, order, progress: null });
    try {
      return await this.untilDone(folder, order, resume, this.stopping.signal);
    } finally {
      this.stopping = null;
      this.update(null);
      this.library.refresh();
    }
  }

  private async untilDone(folder: string, order: ProfileOrder, resume: boolean, signal: AbortSignal) {
    let again = resume;
    for (;;) {
      try {
        const request = {
          ...{ inputs: [...order.inputs], root: order.root, range: order.range },
          exclude: [...order.exclude],
          ...{ model: order.model, dtype: order.dtype },
          ...{ out: folder, resume: again, threads: settings.threads() },
        };
        const onProgress = (progress: ProfileProgress) => this.update({ folder, order, progress });
        return await this.engine.calls.profile(request, { signal, onProgress });
      } catch (thrown) {
        const crashed = toLensError(thrown).code === 'engine-unavailable';
        if (!crashed || this.engine.exhausted || signal.aborted) throw thrown;
        this.update({ folder, order, progress: null });
        // Whatever the crashed engine had saved is a partial profile by now; with none, the run begins anew.
        again = (await this.library.find(folder)) !== null;
      }
    }
  }

  private update(run: ProfileRun | null): void {
    const began = (this.run === null) !== (run === null);
    this.run = run;
    if (began) void commands.executeCommand('setContext', 'neuronLens.running', run !== null);
    this.changed.fire(run);
  }
}
