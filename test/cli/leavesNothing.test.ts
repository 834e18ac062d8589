import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from './runLens';

/** What CI services set: with one of these onnxruntime would keep its telemetry off by itself. */
const CI_VARIABLES = ['CI', 'GITHUB_ACTIONS', 'TF_BUILD', 'ORT_DISABLE_TELEMETRY'];

/** System calls that make, change or remove a file, and those that reach another machine or look one up. */
const CALLS = 'openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink';
const NETWORK = 'connect,sendto,sendmsg,sendmmsg';

let folder: string;

beforeAll(async () => {
  folder = await realpath(await temporaryFolder());
  await mkdir(join(folder, 'home'));
  await writeFile(join(folder, 'cats.txt'), 'The cat sat on a mat.\n'.repeat(50));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the built command line in a home of its own, through `command` where given. */
async function run(args: readonly string[], command: readonly string[] = []): Promise<void> {
  const [program, ...rest] = [...command, process.execPath, resolve('dist/cli.cjs'), ...args];
  const inherited = Object.entries(process.env).filter(([name]) => !CI_VARIABLES.includes(name));
  await promisify(execFile)(program!, rest, {
    cwd: folder,
    env: {
      ...Object.fromEntries(inherited),
      HOME: join(folder, 'home'),
      USERPROFILE: join(folder, 'home'),
      XDG_CACHE_HOME: '',
      TMPDIR: join(folder, 'home'),
      TEMP: join(folder, 'home'),
      NEURON_LENS_CACHE: join(folder, 'cache'),
    },
  });
}

describe('nothing leaves this machine', () => {
  it('leaves no file but those of the profile and of its cache', async () => {
    await run(['profile', 'cats.txt', '--out', 'profile']);
    // With its telemetry on, onnxruntime reads the command line and dies of one over 28 kB.
    await run(['selection', 'profile', '--text', 'a cat '.repeat(5_000)]);
    expect((await readdir(folder)).sort()).toEqual(['cache', 'cats.txt', 'home', 'profile']);
    expect(await readdir(join(folder, 'home'), { recursive: true })).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'writes nowhere else, asks no name server, reaches no host',
    async () => {
      const trace = join(folder, 'trace');
      const strace = ['strace', '-f', '-qq', '-s', '4096', '-e', `trace=${CALLS},${NETWORK}`, '-o', trace];
      await run(['profile', 'cats.txt', '--overwrite', '--out', 'profile'], strace).catch(
        (cause: unknown) => {
          throw new Error('This check reads system calls: it needs strace, and the right to trace.', {
            cause,
          });
        },
      );
      const calls = (await readFile(trace, 'utf8')).split('\n').filter((line) => !line.includes(' = -1 '));
      const writing = calls.filter((line) =>
        /\b(O_CREAT|O_WRONLY|O_RDWR)\b|^\d+ +(mkdir|rename|unlink|link)/.test(line),
      );
      expect(writing.some((line) => line.includes('manifest.json'))).toBe(true);
      const paths = writing.flatMap((line) =>
        [...line.matchAll(/"([^"]*)"/g)].map(([, path]) => resolve(folder, path!)),
      );
      const ours = [join(folder, 'profile'), join(folder, 'cache'), '/dev/null', '/dev/tty'];
      const elsewhere = paths.filter((path) => !ours.some((own) => path === own || path.startsWith(own)));
      expect(elsewhere).toEqual([]);
      expect(calls.filter((line) => /AF_INET|NETLINK|resolv\.conf|nscd/.test(line))).toEqual([]);
    },
  );
});
