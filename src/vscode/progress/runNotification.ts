import type { Disposable } from 'vscode';
import { formatCount, formatDuration } from '../../core/common/numberFormat';
import type { Services } from '../lens';
import type { ProfileRun } from '../profiles/profileRuns';
import { whileWorking, whileWorkingInView, type ProgressStep } from '../surfaces/messages';
import { PROFILES_VIEW } from '../views/profilesView';

/** While a profile is made: a moving bar in the view, and a notification with percent, speed and a cancel button. */
export function activateRunProgress({ runs }: Services<'runs'>): Disposable[] {
  let shown = false;
  const show = (run: ProfileRun) => {
    shown = true;
    const ended = new Promise<void>((resolve) => {
      const listener = runs.onDidChange((next) => {
        if (next !== null) return;
        shown = false;
        listener.dispose();
        resolve();
      });
    });
    whileWorkingInView(PROFILES_VIEW, ended);
    const report = async (tell: (step: ProgressStep) => void): Promise<void> => {
      let percent = 0;
      const listener = runs.onDidChange((next) => {
        if (!next?.progress) return;
        const now = percentOf(next);
        tell({ message: messageOf(next), increment: Math.max(0, now - percent) });
        percent = Math.max(percent, now);
      });
      tell({ message: 'opening the model' });
      await ended;
      listener.dispose();
    };
    void whileWorking(`Profiling ${run.recipe.name} (stopping keeps what is done)`, report, () =>
      runs.cancel(),
    );
  };
  return [
    runs.onDidChange((run) => {
      if (run !== null && !shown) show(run);
    }),
  ];
}

/** 0 while the size of the corpus is unknown. */
export function percentOf({ progress }: ProfileRun): number {
  if (!progress || progress.tokensTotal === 0) return 0;
  return Math.min(100, (100 * progress.tokensDone) / progress.tokensTotal);
}

function messageOf(run: ProfileRun): string {
  const { tokensDone = 0, tokensTotal = 0, tokensPerSecond = 0, secondsLeft = null } = run.progress ?? {};
  const done = tokensTotal > 0 ? `${Math.floor(percentOf(run))} %` : `${formatCount(tokensDone)} tokens`;
  const speed = `${formatCount(Math.round(tokensPerSecond))} tokens/s`;
  return [done, speed, ...(secondsLeft === null ? [] : [`${formatDuration(secondsLeft)} left`])].join(' · ');
}
