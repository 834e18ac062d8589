import { formatBytes, formatDuration } from '../../core/common/numberFormat';
import type { DownloadProgress } from '../../runtime/hub/progressMeter';
import { showProgress, type ProgressDisplay } from './progressDisplay';

/** Shows a download's progress on stderr. */
export function showDownload(): ProgressDisplay<DownloadProgress> {
  return showProgress({
    format: '{bar} {percentage} %  {done} of {size}  {speed}/s  {left} left  {file}',
    width: 24,
    measure: (progress) => ({
      done: progress.bytesDone,
      total: progress.bytesTotal,
      values: describe(progress),
    }),
    line(progress) {
      const { done, size, speed, left } = describe(progress);
      return `${done} of ${size}, ${speed}/s, ${left} left`;
    },
  });
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
