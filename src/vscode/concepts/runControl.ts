import { LensError, toLensError } from '../../core/common/errors';
import { formatCount } from '../../core/common/numberFormat';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import { controlName, controlSentence, otherCorpus } from '../../core/concepts/controls/conceptControl';
import type { ControlOutcome } from '../../protocol/engine';
import type { Services } from '../lens';
import type { ProfileEntry } from '../profiles/profileEntry';
import { tell } from '../surfaces/messages';
import { tellNotices } from '../surfaces/notices';
import { doConceptWork } from './conceptWork';

/**
 * Makes a control of the concepts that were tested on a profile, and says how far it is and how many neurons it names.
 * @param control `shuffled`, `embedding`, or the folder of another profile.
 * @returns what it gave, or that it was stopped, in a sentence
 * @throws LensError in an untrusted workspace, where no concepts were tested, and what the control throws
 */
export async function runControl(
  lens: Services<'context' | 'tests' | 'log' | 'concepts'>,
  entry: ProfileEntry,
  control: string,
): Promise<string> {
  const results = await lens.concepts.of(entry.folder);
  if (!results) {
    throw new LensError('usage', `No concepts were tested on ${entry.name} yet. Run "Test Concepts…" first.`);
  }
  const sources = new Set(results.concepts.map(({ source }) => source));
  try {
    const { outcome, notices } = await doConceptWork(lens, entry, {
      title: `Control of the concepts of ${entry.name}: ${controlName(control)}`,
      sources: { editor: sources.has('editor'), git: sources.has('git') },
      start: (labels) => lens.tests.startControl(entry, control, labels),
    });
    const said = outcomeSentence(outcome, results);
    void tell(said);
    await tellNotices(lens.log, [...outcome.notices, ...notices]);
    return said;
  } catch (thrown) {
    if (toLensError(thrown).code !== 'cancelled') throw thrown;
    const said = 'Stopped. Nothing is kept of the control.';
    void tell(said);
    return said;
  }
}

function outcomeSentence(outcome: ControlOutcome, { named, concepts }: ConceptResults): string {
  const here = concepts.filter(({ refused }) => refused === null).length;
  const less =
    otherCorpus(outcome.control) === null && outcome.tested < here
      ? ` ${formatCount(here - outcome.tested)} concepts of the test are not in it.`
      : '';
  return `${controlSentence(outcome)} Of the model itself ${formatCount(named.neurons)} do.${less}`;
}
