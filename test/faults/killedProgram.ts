import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A run of the built command line that is ended as a crash or a power cut would. */
export interface StartedProgram {
  /** Ends the process at once, if it has not ended by itself. */
  kill(): void;
  /** Exit status, or null where it was killed. */
  readonly ended: Promise<number | null>;
}

export function startLens(
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> },
): StartedProgram {
  const child = spawn(process.execPath, [resolve('dist/cli.cjs'), ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((settle, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => settle(status));
  });
  return { kill: () => void child.kill('SIGKILL'), ended };
}

/** Every file below a folder, hidden ones too, with the hash of its bytes; a manifest without the moment of its making. */
export async function filesBelow(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const hashed = paths.sort().map(async (path): Promise<[string, string]> => {
    const bytes = await readFile(path);
    const content = path.endsWith('manifest.json') ? withoutMoment(bytes.toString()) : bytes;
    return [path.slice(folder.length + 1), createHash('sha256').update(content).digest('hex')];
  });
  return Object.fromEntries(await Promise.all(hashed));
}

function withoutMoment(manifest: string): string {
  return manifest.replace(/"created":\s*"[^"]*"/, '').replace(/"check":\s*\d+/, '');
}
