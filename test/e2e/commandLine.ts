import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** Runs the built command line and reads what it prints as JSON. */
export async function lens(...args: string[]): Promise<unknown> {
  const options = { cwd: root, maxBuffer: 1 << 28 };
  const { stdout } = await run(process.execPath, ['dist/cli.cjs', ...args, '--json'], options);
  return JSON.parse(stdout);
}
