import { workspace } from 'vscode';
import { LensError, toLensError } from '../../core/common/errors';
import { formatCount, formatShare } from '../../core/common/numberFormat';
import type { ConceptsOutcome } from '../../protocol/engine';
import type { Services } from '../lens';
import { stepOf } from '../profiles/conceptTests';
import type { ProfileEntry } from '../profiles/profileEntry';
import { tell, whileWorking } from '../surfaces/messages';
import { tellNotices } from '../surfaces/notices';

/**
 * Tests concepts on a profile, and says how far it is, what it gave and what it left out.
 * @param only names of concepts; all if not given.
 * @throws LensError in an untrusted workspace, and what the test throws
 */
export async function testConcepts(
  { tests, log }: Services<'log' | 'tests'>,
  entry: ProfileEntry,
  only?: readonly string[],
): Promise<void> {
  if (!workspace.isTrusted) {
    throw new LensError(
      'usage',
      'Models run only in a trusted workspace. Trust it (Manage Workspace Trust), then test concepts again.',
    );
  }
  try {
    const outcome = await whileWorking(
      `Testing concepts on ${entry.name}`,
      async (report) => {
        const listener = tests.onDidChange((test) => {
          if (test) report({ message: stepOf(test) });
        });
        try {
          return await tests.start(entry, only);
        } finally {
          listener.dispose();
        }
      },
      () => tests.cancel(),
    );
    void tell(outcomeSentence(entry.name, outcome));
    await tellNotices(log, outcome.notices);
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
