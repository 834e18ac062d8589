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
   * Makes the profile of a recipe in a folder.
   * @param resume go on with the partial profile that is there
   * @throws LensError where another run is under way, where the engine cannot do it, or gave up
   */
  async start(folder: string, recipe: ProfileRecipe, resume: boolean): Promise<ProfileOutcome> {
    if (this.run) {
      throw new LensError(
        'usage',
        `${this.run.recipe.name} is being profiled. Wait for it, or stop it first.`,
      );
    }
    this.stopping = new AbortController();
    this.update({ folder, recipe, progress: null });
    try {
      return await this.untilDone(folder, recipe, resume, this.stopping.signal);
    } finally {
      this.stopping = null;
      this.update(null);
      this.library.refresh();
    }
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
