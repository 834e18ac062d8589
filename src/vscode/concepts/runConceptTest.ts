import { LensError, toLensError } from '../../core/common/errors';
import { formatCount, formatShare } from '../../core/common/numberFormat';
import type { ConceptsOutcome } from '../../protocol/engine';
import type { Services } from '../lens';
import type { ProfileEntry } from '../profiles/profileEntry';
import { settings } from '../settings';
import { tell } from '../surfaces/messages';
import { tellNotices } from '../surfaces/notices';
import { doConceptWork } from './conceptWork';

/**
 * Tests concepts on a profile, and says how far it is, what it gave and what it left out.
 * @param only names of concepts; all if not given.
 * @throws LensError in an untrusted workspace, and what the test throws
 */
export async function runConceptTest(
  lens: Services<'context' | 'log' | 'tests'>,
  entry: ProfileEntry,
  only?: readonly string[],
): Promise<void> {
  const sources = new Set(settings.conceptSources());
  if (sources.size === 0) {
    throw new LensError(
      'usage',
      'There is nothing to test: the setting neuronLens.concepts.sources is empty. Choose where concepts come from.',
    );
  }
  try {
    const { outcome, notices } = await doConceptWork(lens, entry, {
      title: `Testing concepts on ${entry.name}`,
      sources: { editor: sources.has('editor'), git: sources.has('git') },
      start: (labels) =>
        lens.tests.start(entry, {
          ...(only && { only: [...only] }),
          sources: (['starter', 'own'] as const).filter((source) => sources.has(source)),
          labels,
        }),
    });
    void tell(outcomeSentence(entry.name, outcome));
    await tellNotices(lens.log, [...outcome.notices, ...notices]);
  } catch (thrown) {
    if (toLensError(thrown).code !== 'cancelled') throw thrown;
    void tell(
      `Stopped testing concepts on ${entry.name} before any was measured. What an earlier test gave is kept.`,
    );
  }
}

function outcomeSentence(profile: string, outcome: ConceptsOutcome): string {
  const { tested, refused, named, neurons, partial } = outcome;
  const carry = `${formatCount(named)} of ${formatCount(neurons)} neurons (${formatShare(named / neurons)}) of ${profile} carry a name.`;
  return partial
    ? `Stopped. ${formatCount(tested)} concepts were tested by then and are kept. ${carry}`
    : `${carry} ${formatCount(tested)} concepts were tested, ${formatCount(refused)} refused: too few tokens or documents with them.`;
}
