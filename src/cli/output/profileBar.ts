import { formatCount, formatDuration } from '../../core/common/numberFormat';
import type { RunState } from '../../core/pipeline/runRequest';
import { showProgress, type ProgressDisplay } from './progressDisplay';

/** Shows a run's progress on stderr. */
export function showProfileProgress(): ProgressDisplay<RunState> {
  return showProgress({
    format: '{bar} {percentage} %  {tokens} tokens  {speed} tokens/s  {left} left',
    width: 28,
    measure: (progress) => ({
      done: progress.tokensDone,
      total: progress.tokensTotal,
      values: describe(progress),
    }),
    line(progress) {
      const { tokens, speed, left } = describe(progress);
      return `${tokens} tokens, ${speed} tokens/s, ${left} left`;
    },
  });
}

function describe(progress: RunState) {
  return {
    tokens: formatCount(progress.tokensDone),
    speed: formatCount(progress.tokensPerSecond),
    left: progress.secondsLeft === null ? 'some time' : formatDuration(progress.secondsLeft),
  };
}
