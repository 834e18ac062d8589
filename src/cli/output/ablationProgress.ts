import { formatDuration } from '../../core/common/numberFormat';
import type { AblationObserver } from '../../runtime/cause/ablation';
import { printLine, printPiece } from './print';
import { showProgress, type ProgressDisplay } from './progressDisplay';

/** How far runs are, and how long the others will take at the pace so far. */
export function showRuns(what: string): ProgressDisplay<{ readonly done: number; readonly total: number }> {
  const began = performance.now();
  const left = (done: number, total: number): string =>
    done === 0 ? '–' : formatDuration(((performance.now() - began) / 1000) * (total / done - 1));
  return showProgress({
    format: `{bar} {value}/{total} ${what}, {left} left`,
    width: 24,
    measure: ({ done, total }) => ({ done, total, values: { left: left(done, total) } }),
    line: ({ done, total }) => `${done} of ${total} ${what}, ${left(done, total)} left`,
  });
}

/** Writes two continuations to stdout as they grow, one after the other. */
export function showContinuation(): { written: NonNullable<AblationObserver['written']>; end(): void } {
  let side: string | null = null;
  let shown = '';
  return {
    written: (next, text) => {
      if (next !== side) {
        printLine();
        printPiece(next === 'before' ? 'Before: ' : 'After:  ');
        [side, shown] = [next, ''];
      }
      // A character may come in pieces: what is no whole one is left until it is.
      const whole = text.replace(/\uFFFD+$/, '');
      if (!whole.startsWith(shown)) return;
      printPiece(whole.slice(shown.length));
      shown = whole;
    },
    end: () => {
      if (side !== null) printLine();
    },
  };
}
