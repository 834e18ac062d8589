import { LensError } from '../../core/common/errors';
import type { TextLabels } from '../../core/concepts/own/textLabels';
import type { Services } from '../lens';
import { stepOf } from '../profiles/conceptTests';
import type { ProfileEntry } from '../profiles/profileEntry';
import { whileWorking, type ProgressStep } from '../surfaces/messages';
import { requireTrust } from '../trustedWorkspace';
import type { GatheredLabels } from './gatherLabels';

/** What a test of concepts, or a control of one, needs of the editor before the engine can do it. */
export interface ConceptWork<Outcome> {
  readonly title: string;
  /** What is asked for labels. */
  readonly sources: { readonly editor: boolean; readonly git: boolean };
  /** Asks the engine. */
  readonly start: (labels: TextLabels[]) => Promise<Outcome>;
}

/**
 * Gathers what labels the editor has, and has the engine do the work, under a notification that says how far it is and
 * stops it.
 * @throws LensError in an untrusted workspace, `cancelled` where it was stopped with nothing done, else what the work throws
 */
export async function doConceptWork<Outcome>(
  { context, tests }: Services<'context' | 'tests'>,
  entry: ProfileEntry,
  { title, sources, start }: ConceptWork<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly notices: readonly string[] }> {
  requireTrust('test concepts');
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort(new LensError('cancelled', 'Stopped.'));
    tests.cancel();
  };
  return whileWorking(
    title,
    async (report) => {
      const { labels, notices } = await gather({ context }, entry, sources, report, stopping.signal);
      stopping.signal.throwIfAborted();
      const listener = tests.onDidChange((test) => {
        if (test) report({ message: stepOf(test) });
      });
      try {
        return { outcome: await start([...labels]), notices };
      } finally {
        listener.dispose();
      }
    },
    stop,
  );
}

/** What the editor and git know, where that is asked for; nothing else of them is looked at. */
async function gather(
  lens: Services<'context'>,
  entry: ProfileEntry,
  asked: ConceptWork<unknown>['sources'],
  report: (step: ProgressStep) => void,
  signal: AbortSignal,
): Promise<GatheredLabels> {
  if (!asked.editor && !asked.git) return { labels: [], notices: [] };
  const { gatherLabels } = await import('./gatherLabels');
  const tellStep = (done: number, of: number) =>
    report({ message: `asking about file ${done + 1} of ${of}` });
  return gatherLabels(lens, entry, asked, tellStep, signal);
}
