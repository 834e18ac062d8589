import { fork, type ChildProcess } from 'node:child_process';
import { LensError } from '../../core/common/errors';
import { engineContract, type EngineContract } from '../../protocol/engine';
import { connectCaller, type Calls, type Connection } from '../../protocol/rpc';
import type { NodeRuntime } from './nodeRuntime';
import { SilenceWatch, WATCH_INTERVAL } from './silenceWatch';

export interface EngineProcessOptions {
  readonly runtime: NodeRuntime;
  /** The engine's bundle. */
  readonly script: string;
  /** Folder of the model that `default` stands for. */
  readonly embeddedModel: string;
  /** Lines that the engine wrote to its standard output or error. */
  readonly onOutput: (line: string) => void;
  /** Called once, when the process is gone. `expected` after `stop`. */
  readonly onExit: (exit: { readonly description: string; readonly expected: boolean }) => void;
}

/** On Linux, freed memory is otherwise kept by each thread for itself: 490 MiB where 400 do, over a million tokens. */
const LESS_MEMORY = { MALLOC_ARENA_MAX: '2' };

/** One life of the engine: forked, connected, watched, and gone at the end. */
export class EngineProcess {
  readonly calls: Calls<EngineContract>;
  private readonly child: ChildProcess;
  private readonly connection: Connection;
  private readonly watch: NodeJS.Timeout;
  private readonly silence = new SilenceWatch(performance.now());
  private stopping = false;
  private gone = false;

  constructor(private readonly options: EngineProcessOptions) {
    const { runtime, script, embeddedModel } = options;
    this.child = fork(script, [embeddedModel], {
      execPath: runtime.path,
      execArgv: [],
      env: { ...LESS_MEMORY, ...process.env, ...runtime.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    const { calls, ...connection } = connectCaller(engineContract, (message) => this.send(message));
    this.calls = calls;
    this.connection = connection;
    this.child.on('message', (message) => {
      this.silence.heard();
      this.connection.receive(message);
    });
    for (const stream of [this.child.stdout, this.child.stderr]) this.forwardLines(stream);
    this.child.once('error', (error) => this.ended(`it could not be started (${error.message})`));
    this.child.once('exit', (code, signal) =>
      this.ended(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`),
    );
    this.watch = setInterval(() => this.killWhenSilent(), WATCH_INTERVAL);
    this.watch.unref();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Closes the channel, on which the engine keeps what it has and exits; kills it when it has not after 10 s. */
  stop(): void {
    if (this.gone) return;
    this.stopping = true;
    if (this.child.connected) this.child.disconnect();
    setTimeout(() => {
      if (!this.gone) this.child.kill('SIGKILL');
    }, 10_000).unref();
    this.connection.close(new LensError('cancelled', 'The engine was stopped.'));
  }

  private send(message: object): void {
    // A process that is already gone rejects every call through `ended`: a failed send needs no word of its own.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private killWhenSilent(): void {
    if (this.silence.isTooLong(performance.now())) this.child.kill('SIGKILL');
  }

  private ended(description: string): void {
    if (this.gone) return;
    this.gone = true;
    clearInterval(this.watch);
    this.connection.close(
      new LensError(
        'engine-unavailable',
        `The engine stopped unexpectedly: ${description}. The log says more.`,
      ),
    );
    this.options.onExit({ description, expected: this.stopping });
  }

  private forwardLines(stream: NodeJS.ReadableStream | null): void {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') this.options.onOutput(line);
    });
  }
}
