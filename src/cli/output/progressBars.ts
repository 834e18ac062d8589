import { formatBytes, formatCount, formatDuration } from '../../core/common/numberFormat';
import type { ConceptProgress } from '../../core/concepts/conceptRequest';
import type { RunState } from '../../core/pipeline/runRequest';
import type { DownloadProgress } from '../../runtime/hub/progressMeter';
import { showProgress, type ProgressDisplay } from './progressDisplay';

const STEPS: Readonly<Record<ConceptProgress['step'], string>> = {
  profile: 'Profiling the control',
  labels: 'Labelling',
  choosing: 'Choosing neurons on half A',
  measuring: 'Measuring the chosen',
  figures: 'Figures',
};

/** Shows a run's progress on stderr. */
export function showProfileProgress(): ProgressDisplay<RunState> {
  return showProgress({
    format: '{bar} {percentage} %  {tokens} tokens  {speed} tokens/s  {left} left',
    width: 28,
    measure: (progress) => ({
      done: progress.tokensDone,
      total: progress.tokensTotal,
      values: paceOf(progress),
    }),
    line(progress) {
      const { tokens, speed, left } = paceOf(progress);
      return `${tokens} tokens, ${speed} tokens/s, ${left} left`;
    },
  });
}

function paceOf(progress: RunState) {
  return {
    tokens: formatCount(progress.tokensDone),
    speed: formatCount(progress.tokensPerSecond),
    left: progress.secondsLeft === null ? 'some time' : formatDuration(progress.secondsLeft),
  };
}

/** Shows on stderr how far the test of concepts is. */
export function showConceptProgress(): ProgressDisplay<ConceptProgress> {
  return showProgress({
    format: '{step} {bar} {percentage} %  {of}',
    width: 28,
    measure: ({ step, done, total }) => ({
      done,
      total,
      values: { step: STEPS[step], of: doneOf(done, step) },
    }),
    line: ({ step, done, total }) => `${STEPS[step]}: ${doneOf(done, step)} of ${formatCount(total)}`,
  });
}

function doneOf(done: number, step: ConceptProgress['step']): string {
  return `${formatCount(done)} ${step === 'figures' ? 'concepts' : 'tokens'}`;
}

/** Shows a download's progress on stderr. */
export function showDownload(): ProgressDisplay<DownloadProgress> {
  return showProgress({
    format: '{bar} {percentage} %  {done} of {size}  {speed}/s  {left} left  {file}',
    width: 24,
    measure: (progress) => ({
      done: progress.bytesDone,
      total: progress.bytesTotal,
      values: transferOf(progress),
    }),
    line(progress) {
      const { done, size, speed, left } = transferOf(progress);
      return `${done} of ${size}, ${speed}/s, ${left} left`;
    },
  });
}

function transferOf({ file, bytesDone, bytesTotal, bytesPerSecond, secondsLeft }: DownloadProgress) {
  return {
    file,
    done: formatBytes(bytesDone),
    size: formatBytes(bytesTotal),
    speed: formatBytes(Math.round(bytesPerSecond)),
    left: secondsLeft === null ? 'some time' : formatDuration(secondsLeft),
  };
}
