import { spawn } from 'node:child_process';
import { LensError } from '../../core/common/errors';
import type { LineOrigin } from '../../core/concepts/own/lineOrigins';

/** Git may run what a repository's configuration names, or fetch what is not here: neither for this. */
const SAFE = ['-c', 'core.fsmonitor=false', '-c', 'protocol.allow=never'];
const ENVIRONMENT = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1' };

/** Milliseconds that git has for a file. */
const LONGEST_BLAME = 10_000;
/** Bytes of its answer, which repeats the file's text. */
const LARGEST_ANSWER = 1 << 26;

/**
 * Who wrote each line of a file and when, as `git blame` says of the file as it is on disk. Git is started without a
 * shell, and the file's name is never read as an option.
 * @param folder that `file` is relative to.
 * @returns null where git does not know the file, is not there, or takes too long
 */
export async function blameFile(
  folder: string,
  file: string,
  signal: AbortSignal,
): Promise<readonly LineOrigin[] | null> {
  const answer = await new Promise<string | null>((resolve, reject) => {
    const git = spawn('git', [...SAFE, 'blame', '--porcelain', '--no-textconv', '--', file], {
      ...{ cwd: folder, env: { ...process.env, ...ENVIRONMENT }, shell: false, windowsHide: true },
      ...{ stdio: ['ignore', 'pipe', 'ignore'], timeout: LONGEST_BLAME, signal },
    });
    const chunks: Buffer[] = [];
    let size = 0;
    git.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST_ANSWER) chunks.push(chunk);
      else git.kill();
    });
    git.once('error', (error) => {
      if (signal.aborted) reject(new LensError('cancelled', 'Stopped.', { cause: error }));
      else resolve(null);
    });
    git.once('close', (code) => resolve(code === 0 ? Buffer.concat(chunks).toString('utf8') : null));
  });
  return answer === null ? null : readPorcelain(answer);
}

/** What `git blame --porcelain` prints: facts of a commit only where it comes first, and the text behind a tab. */
export function readPorcelain(answer: string): LineOrigin[] {
  const commits = new Map<string, { author: string; seconds: number }>();
  const lines: LineOrigin[] = [];
  let hash = '';
  for (const line of answer.split('\n')) {
    const head = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(line);
    if (line.startsWith('\t')) {
      const { author, seconds } = commits.get(hash) ?? { author: '', seconds: 0 };
      lines.push(/^0+$/.test(hash) ? { author: null, seconds: null } : { author, seconds });
    } else if (head) {
      hash = head[1]!;
      if (!commits.has(hash)) commits.set(hash, { author: '', seconds: 0 });
    } else if (line.startsWith('author ')) commits.get(hash)!.author = line.slice('author '.length);
    else if (line.startsWith('author-time ')) {
      commits.get(hash)!.seconds = Number(line.slice('author-time '.length));
    }
  }
  return lines;
}
