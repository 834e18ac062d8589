import { LensError, toLensError } from '../../core/common/errors';
import { formatCount, formatShare } from '../../core/common/numberFormat';
import type { ConceptsOutcome } from '../../protocol/engine';
import type { Services } from '../lens';
import type { GatheredLabels } from './gatherLabels';
import { stepOf } from '../profiles/conceptTests';
import type { ProfileEntry } from '../profiles/profileEntry';
import { settings, type ConceptSetting } from '../settings';
import { tell, whileWorking, type ProgressStep } from '../surfaces/messages';
import { tellNotices } from '../surfaces/notices';
import { requireTrust } from '../trustedWorkspace';

/**
 * Tests concepts on a profile, and says how far it is, what it gave and what it left out.
 * @param only names of concepts; all if not given.
 * @throws LensError in an untrusted workspace, and what the test throws
 */
export async function runConceptTest(
  { context, tests, log }: Services<'context' | 'log' | 'tests'>,
  entry: ProfileEntry,
  only?: readonly string[],
): Promise<void> {
  requireTrust('test concepts');
  const sources = new Set(settings.conceptSources());
  if (sources.size === 0) {
    throw new LensError(
      'usage',
      'There is nothing to test: the setting neuronLens.concepts.sources is empty. Choose where concepts come from.',
    );
  }
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort(new LensError('cancelled', 'Stopped.'));
    tests.cancel();
  };
  try {
    const { outcome, notices } = await whileWorking(
      `Testing concepts on ${entry.name}`,
      async (report) => {
        const gathered = await gather({ context }, entry, sources, report, stopping.signal);
        stopping.signal.throwIfAborted();
        const listener = tests.onDidChange((test) => {
          if (test) report({ message: stepOf(test) });
        });
        try {
          const asked = {
            ...(only && { only: [...only] }),
            sources: (['starter', 'own'] as const).filter((source) => sources.has(source)),
            labels: [...gathered.labels],
          };
          return { outcome: await tests.start(entry, asked), notices: gathered.notices };
        } finally {
          listener.dispose();
        }
      },
      stop,
    );
    void tell(outcomeSentence(entry.name, outcome));
    await tellNotices(log, [...outcome.notices, ...notices]);
  } catch (thrown) {
    if (toLensError(thrown).code !== 'cancelled') throw thrown;
    void tell(
      `Stopped testing concepts on ${entry.name} before any was measured. What an earlier test gave is kept.`,
    );
  }
}

/** What the editor and git know, where that is asked for; nothing else of them is looked at. */
async function gather(
  lens: Services<'context'>,
  entry: ProfileEntry,
  sources: ReadonlySet<ConceptSetting>,
  report: (step: ProgressStep) => void,
  signal: AbortSignal,
): Promise<GatheredLabels> {
  const asked = { editor: sources.has('editor'), git: sources.has('git') };
  if (!asked.editor && !asked.git) return { labels: [], notices: [] };
  const { gatherLabels } = await import('./gatherLabels');
  const tellStep = (done: number, of: number) =>
    report({ message: `asking about file ${done + 1} of ${of}` });
  return gatherLabels(lens, entry, asked, tellStep, signal);
}

function outcomeSentence(profile: string, outcome: ConceptsOutcome): string {
  const { tested, refused, named, neurons, partial } = outcome;
  const carry = `${formatCount(named)} of ${formatCount(neurons)} neurons (${formatShare(named / neurons)}) of ${profile} carry a name.`;
  return partial
    ? `Stopped. ${formatCount(tested)} concepts were tested by then and are kept. ${carry}`
    : `${carry} ${formatCount(tested)} concepts were tested, ${formatCount(refused)} refused: too few tokens or documents with them.`;
}
