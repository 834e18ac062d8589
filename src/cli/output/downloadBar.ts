import { SingleBar } from 'cli-progress';
import { formatBytes, formatDuration } from '../../core/common/numberFormat';
import type { DownloadProgress } from '../../runtime/hub/progressMeter';

const LINE_INTERVAL_MS = 10_000;

/** Shows a download's progress on stderr: a bar on a terminal, now and then a line elsewhere. */
export interface DownloadDisplay {
  update(progress: DownloadProgress): void;
  stop(): void;
}

export function showDownload(): DownloadDisplay {
  return process.stderr.isTTY ? barOnTerminal() : linesInPipe();
}

function barOnTerminal(): DownloadDisplay {
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {done} of {size}  {speed}/s  {left} left  {file}',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
  });
  let isStarted = false;
  return {
    update(progress) {
      const values = describe(progress);
      if (!isStarted) bar.start(progress.bytesTotal, 0, values);
      isStarted = true;
      bar.update(progress.bytesDone, values);
    },
    stop: () => bar.stop(),
  };
}

function linesInPipe(): DownloadDisplay {
  let printed = Date.now();
  return {
    update(progress) {
      if (Date.now() - printed < LINE_INTERVAL_MS) return;
      printed = Date.now();
      const { done, size, speed, left } = describe(progress);
      process.stderr.write(`${done} of ${size}, ${speed}/s, ${left} left\n`);
    },
    stop: () => undefined,
  };
}

function describe({ file, bytesDone, bytesTotal, bytesPerSecond, secondsLeft }: DownloadProgress) {
  return {
    file,
    done: formatBytes(bytesDone),
    size: formatBytes(bytesTotal),
    speed: formatBytes(Math.round(bytesPerSecond)),
    left: secondsLeft === null ? 'some time' : formatDuration(secondsLeft),
  };
}
