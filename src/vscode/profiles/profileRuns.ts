import { commands, EventEmitter } from 'vscode';
import { LensError, toLensError } from '../../core/common/errors';
import type { ProfileOutcome, ProfileProgress } from '../../protocol/engine';
import type { EngineClient } from '../engineClient/engineClient';
import { settings } from '../settings';
import type { ProfileLibrary } from './profileLibrary';
import type { ProfileRecipe } from './profileEntry';

/** The profile that is being made. */
export interface ProfileRun {
  readonly folder: string;
  readonly recipe: ProfileRecipe;
  /** null until the model is ready. */
  readonly progress: ProfileProgress | null;
}

/** A profile that is made when those before it are. */
export type WaitingRun = Pick<ProfileRun, 'folder' | 'recipe'>;

interface Place {
  readonly run: WaitingRun;
  begin(): void;
  leave(): void;
}

/** Makes profiles, one after the other, and goes on by itself when the engine crashes on the way. */
export class ProfileRuns {
  private readonly changed = new EventEmitter<ProfileRun | null>();
  /** The run as it stands, several times a second; null when it ended. Those that wait are told of likewise. */
  readonly onDidChange = this.changed.event;
  private run: ProfileRun | null = null;
  private stopping: AbortController | null = null;
  private taken = false;
  private readonly queue: Place[] = [];

  constructor(
    private readonly engine: EngineClient,
    private readonly library: ProfileLibrary,
  ) {}

  get current(): ProfileRun | null {
    return this.run;
  }

  /** In the order in which they will be made. */
  get waiting(): readonly WaitingRun[] {
    return this.queue.map(({ run }) => run);
  }

  /** Stops the run; what it has is kept as a partial profile. Those that wait come next. */
  cancel(): void {
    this.stopping?.abort();
  }

  /** Takes a run that waits out of the queue. */
  leaveQueue(folder: string): void {
    const place = this.queue.findIndex(({ run }) => run.folder === folder);
    this.queue.splice(place, place < 0 ? 0 : 1)[0]?.leave();
    this.changed.fire(this.run);
  }

  /**
   * Makes the profile of a recipe in a folder, when its turn has come.
   * @param resume go on with the partial profile that is there
   * @throws LensError where the engine cannot do it, or gave up; `cancelled` where it left the queue
   */
  async start(folder: string, recipe: ProfileRecipe, resume: boolean): Promise<ProfileOutcome> {
    if (this.taken) await this.itsTurn({ folder, recipe });
    this.taken = true;
    this.stopping = new AbortController();
    this.update({ folder, recipe, progress: null });
    try {
      return await this.untilDone(folder, recipe, resume, this.stopping.signal);
    } finally {
      this.stopping = null;
      this.update(null);
      this.library.refresh();
      const next = this.queue.shift();
      if (next) next.begin();
      else this.taken = false;
    }
  }

  private itsTurn(run: WaitingRun): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => reject(new LensError('cancelled', `${run.recipe.name} is profiled no more.`));
      this.queue.push({ run, begin: resolve, leave });
      this.changed.fire(this.run);
    });
  }

  private async untilDone(folder: string, recipe: ProfileRecipe, resume: boolean, signal: AbortSignal) {
    let again = resume;
    for (;;) {
      try {
        const request = {
          ...{ inputs: [...recipe.inputs], root: recipe.root, range: recipe.range },
          exclude: [...recipe.exclude],
          ...{ model: recipe.model, dtype: recipe.dtype },
          ...{ out: folder, resume: again, threads: settings.threads() },
        };
        const onProgress = (progress: ProfileProgress) => this.update({ folder, recipe, progress });
        return await this.engine.calls.profile(request, { signal, onProgress });
      } catch (thrown) {
        const crashed = toLensError(thrown).code === 'engine-unavailable';
        if (!crashed || this.engine.exhausted || signal.aborted) throw thrown;
        this.update({ folder, recipe, progress: null });
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
