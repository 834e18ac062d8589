import { workspace, type Disposable } from 'vscode';
import { LensError, toLensError } from '../../core/common/errors';
import { formatCount, formatShare } from '../../core/common/numberFormat';
import type { ConceptsOutcome } from '../../protocol/engine';
import type { Services } from '../lens';
import { stepOf } from '../profiles/conceptTests';
import type { ProfileEntry } from '../profiles/profileEntry';
import { registerFor } from '../showError';
import { tell, whileWorking } from '../surfaces/messages';
import { tellNotices } from '../surfaces/notices';
import type { ProfileNode } from '../views/nodes';

type ConceptServices = Services<'log' | 'engine' | 'current' | 'tests'>;

/** Testing concepts on a profile, and stopping it. */
export function activateConceptCommands(lens: ConceptServices): Disposable[] {
  const register = registerFor(lens);
  return [
    register('testConcepts', async (node?: ProfileNode) => {
      const entry = node?.kind === 'profile' ? node.entry : lens.current.entry;
      if (!entry)
        throw new LensError(
          'usage',
          'Concepts are tested on a profile, and there is none yet. Profile some text first.',
        );
      await testConcepts(lens, entry);
    }),
    register('stopConcepts', () => lens.tests.cancel()),
  ];
}

/** @throws LensError in an untrusted workspace, and what the test throws */
async function testConcepts({ tests, log }: ConceptServices, entry: ProfileEntry): Promise<void> {
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
          return await tests.start(entry);
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
