import { SingleBar } from 'cli-progress';
import { formatCount, formatDuration } from '../../core/common/numberFormat';
import type { ProfileProgress } from '../../core/pipeline/profileRun';

/** In a pipe or a log, a line this often says how far a run is. */
const LINE_INTERVAL_MS = 10_000;

/** Shows a run's progress on stderr: a bar on a terminal, now and then a line elsewhere. */
export interface ProgressDisplay {
  update(progress: ProfileProgress): void;
  stop(): void;
}

export function showProgress(): ProgressDisplay {
  return process.stderr.isTTY ? barOnTerminal() : linesInPipe();
}

function barOnTerminal(): ProgressDisplay {
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {tokens} tokens  {speed} tokens/s  {left} left',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
  });
  let started = false;
  return {
    update(progress) {
      const values = describe(progress);
      if (started) bar.setTotal(progress.tokensTotal);
      else bar.start(progress.tokensTotal, 0, values);
      started = true;
      bar.update(Math.min(progress.tokensDone, progress.tokensTotal), values);
    },
    stop: () => bar.stop(),
  };
}

function linesInPipe(): ProgressDisplay {
  let printed = Date.now();
  return {
    update(progress) {
      if (Date.now() - printed < LINE_INTERVAL_MS) return;
      printed = Date.now();
      const { tokens, speed, left } = describe(progress);
      process.stderr.write(`${tokens} tokens, ${speed} tokens/s, ${left} left\n`);
    },
    stop: () => undefined,
  };
}

function describe(progress: ProfileProgress) {
  return {
    tokens: formatCount(progress.tokensDone),
    speed: formatCount(progress.tokensPerSecond),
    left: progress.secondsLeft === null ? 'some time' : formatDuration(progress.secondsLeft),
  };
}
