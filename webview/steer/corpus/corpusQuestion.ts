import { runsOfToken } from '../../../src/core/cause/corpusAnswer';
import { formatCount, formatDuration } from '../../../src/core/common/numberFormat';
import type {
  CorpusBackground,
  CorpusAsked,
  CorpusState,
  SteerSetup,
  SteerSubject,
} from '../../../src/protocol/pages/steer';
import { changedOf, whole, type Refusal } from '../setup/question';

const MOST_TOKENS = 1_000_000;

/** The concept whose tokens are told apart: the chosen one where it is still tested, else a name of the neurons. */
export function conceptToldApart(
  { concept }: CorpusState,
  { concepts, own }: CorpusBackground,
): string | null {
  if (concept !== null && (concept === '' || concepts.includes(concept))) return concept || null;
  return own > 0 ? concepts[0]! : null;
}

/** What a setup asks of the engine over the corpus, or the first thing that is amiss with it. */
export function corpusQuestionOf(
  setup: SteerSetup,
  subject: Pick<SteerSubject, 'profile' | 'layers'>,
  state: CorpusState,
  background: CorpusBackground,
): CorpusAsked | Refusal {
  const changed = changedOf(setup, subject);
  if ('refusal' in changed) return changed;
  const limitTokens = whole(state.tokens, 'The number of tokens of the corpus', 1, MOST_TOKENS);
  if (typeof limitTokens === 'object') return limitTokens;
  return { ...changed, limitTokens, concept: conceptToldApart(state, background) };
}

/** What a run takes, by how fast the profile was made. */
export function costWords(
  { limitTokens, controls }: CorpusAsked,
  { tokens, files, tokensPerSecond }: CorpusBackground,
): string {
  const run = Math.min(limitTokens, tokens);
  const runs = runsOfToken(controls);
  const duration =
    tokensPerSecond > 0 ? `: about ${formatDuration((run * runs) / tokensPerSecond)} at its speed` : '';
  const of = files === 1 ? 'the file' : `${formatCount(files)} files`;
  return `${formatCount(run)} tokens of ${of} of the profile, each run ${runs} times${duration}.`;
}
