import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

it('outlives a reader that leaves before the end', async () => {
  const help = spawn(process.execPath, [resolve('dist/cli.cjs'), '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  help.stdout.destroy();
  let said = '';
  help.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [status] = (await once(help, 'close')) as [number];
  expect({ status, said }).toEqual({ status: 0, said: '' });
});
