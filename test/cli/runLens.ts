import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** In addition to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
}

const BUNDLE = resolve('dist/cli.cjs');

/** Runs the built command line as a user does. */
export function runLens(args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  return new Promise((settle, reject) => {
    execFile(
      process.execPath,
      [BUNDLE, ...args],
      { maxBuffer: 2 ** 28, ...options, env: { ...process.env, ...options.env } },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        if (status === null) reject(error ?? new Error('no exit status'));
        else settle({ status, stdout, stderr });
      },
    );
  });
}

/** Runs a command that must succeed and gives its JSON. */
export async function lensJson<Result>(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const { status, stdout, stderr } = await runLens([...args, '--json'], options);
  if (status !== 0) throw new Error(`neuron-lens ${args.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Result;
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'neuron-lens-cli-'));
}
