import { setTimeout as pause } from 'node:timers/promises';
import { LensError } from '../../core/common/errors';
import { engineContract, type EngineContract } from '../../protocol/engine';
import type { Calls } from '../../protocol/rpc';
import { EngineProcess } from './engineProcess';
import { findNodeRuntime } from './nodeRuntime';
import { RestartPolicy } from './restartPolicy';

export interface EngineLog {
  info(message: string): void;
  warn(message: string): void;
}

export interface EngineClientOptions {
  readonly script: string;
  readonly embeddedModel: string;
  /** The setting for another Node binary, empty when it is not set; read at every start. */
  readonly nodePath: () => string;
  readonly log: EngineLog;
}

/**
 * The engine as the editor sees it: started by the first call, started again after a crash by the next one, with
 * growing pauses, until it crashed 5 times in 3 minutes.
 */
export class EngineClient {
  /** The engine's calls. @throws LensError `engine-unavailable` where the process crashed or cannot start */
  readonly calls: Calls<EngineContract>;
  private readonly policy = new RestartPolicy();
  private current: Promise<EngineProcess> | null = null;
  private disposed = false;

  constructor(private readonly options: EngineClientOptions) {
    const names = Object.keys(engineContract) as (keyof EngineContract)[];
    const forwarded = names.map((name) => [
      name,
      async (...args: Parameters<Calls<EngineContract>[typeof name]>) => {
        const process = await this.process();
        return (process.calls[name] as (...all: typeof args) => Promise<unknown>)(...args);
      },
    ]);
    this.calls = Object.fromEntries(forwarded) as Calls<EngineContract>;
  }

  /** No call will succeed before `restart`. */
  get exhausted(): boolean {
    return this.policy.exhausted;
  }

  /** Stops the engine and forgets its crashes; the next call starts a new one. */
  async restart(): Promise<void> {
    this.policy.reset();
    const process = this.current;
    this.current = null;
    if (process) (await process.catch(() => null))?.stop();
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    await this.restart();
  }

  private process(): Promise<EngineProcess> {
    this.current ??= this.start().catch((error: unknown) => {
      this.current = null;
      throw error;
    });
    return this.current;
  }

  private async start(): Promise<EngineProcess> {
    const { log, nodePath, script, embeddedModel } = this.options;
    if (this.policy.exhausted) throw givenUp();
    await pause(this.policy.delay);
    const runtime = await findNodeRuntime(nodePath());
    if (this.disposed) throw new LensError('cancelled', 'The window is closing.');
    const started: EngineProcess = new EngineProcess({
      runtime,
      script,
      embeddedModel,
      onOutput: (line) => log.info(`[engine] ${line}`),
      onExit: ({ description, expected }) => this.ended(started, description, expected),
    });
    log.info(
      `Engine ${started.pid ?? ''} on Node.js ${runtime.version} (${runtime.origin}: ${runtime.path})`,
    );
    return started;
  }

  private ended(process: EngineProcess, description: string, expected: boolean): void {
    const { log } = this.options;
    if (expected) {
      log.info(`Engine ${process.pid ?? ''} stopped.`);
      return;
    }
    this.policy.crashed(performance.now());
    this.current = null;
    log.warn(`Engine ${process.pid ?? ''} stopped unexpectedly: ${description}.`);
  }
}

function givenUp(): LensError {
  return new LensError(
    'engine-unavailable',
    'The engine stopped 5 times within 3 minutes, so it is not started again by itself. The log says why; then restart the engine.',
  );
}
