import { formatCount, formatDuration } from '../../core/common/numberFormat';
import type { ProfileProgress } from '../../core/pipeline/profileRun';
import { showProgress, type ProgressDisplay } from './progressDisplay';

/** Shows a run's progress on stderr. */
export function showProfileProgress(): ProgressDisplay<ProfileProgress> {
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

function describe(progress: ProfileProgress) {
  return {
    tokens: formatCount(progress.tokensDone),
    speed: formatCount(progress.tokensPerSecond),
    left: progress.secondsLeft === null ? 'some time' : formatDuration(progress.secondsLeft),
  };
}
