import { formatCount, formatShare } from '../common/numberFormat';
import { selfTestSentence } from '../common/selfTest';
import { unknownWordsSentence } from '../common/unknownWords';
import type { CarriedManifest } from '../profile/manifest';
import type { ExcludedCounts } from '../stats/siteSummary';

/** Fewer tokens say little of most neurons. */
const FEW_TOKENS = 1000;

/** What must be known before the neurons are read. */
export interface ReadingNote {
  readonly tone: 'info' | 'warning' | 'error';
  readonly head: string;
  readonly text: string;
}

/** @param scored tokens that statistics count @param excluded positions that were run and left out, of one FFN */
export function readingNotes(
  { state, corpus, selfTest, plan }: CarriedManifest,
  scored: number,
  excluded: ExcludedCounts,
): ReadingNote[] {
  const notes: (ReadingNote | null)[] = [
    selfTest?.passed === false
      ? { tone: 'error', head: 'The self-test of the model failed.', text: selfTestSentence(selfTest) }
      : null,
    selfTest === null || selfTest.passed === null
      ? {
          tone: 'warning',
          head: 'The model is not self-tested.',
          text: selfTest ? selfTestSentence(selfTest) : 'The profile was made before there was such a test.',
        }
      : null,
    state === 'complete'
      ? null
      : {
          tone: 'warning',
          head: state === 'running' ? 'The run is still under way.' : 'The run was stopped before its end.',
          text: 'All figures are exact for the tokens seen so far; the rest of the corpus may change them.',
        },
    scored < FEW_TOKENS
      ? {
          tone: 'warning',
          head: `Only ${formatCount(scored)} tokens are scored.`,
          text: `Under ${formatCount(FEW_TOKENS)} tokens most neurons have met little of what they answer to: profile more text before you name any.`,
        }
      : null,
    ...corpusNotes(corpus),
    sinkNote(plan, scored, excluded),
  ];
  return notes.filter((note) => note !== null);
}

function corpusNotes(corpus: CarriedManifest['corpus']): (ReadingNote | null)[] {
  const { shard, limitTokens, skipped } = corpus;
  const unread = skipped.unreadable + skipped.brokenRecords;
  const unknown = unknownWordsSentence(corpus);
  return [
    shard && {
      tone: 'warning',
      head: `This is part ${shard.index + 1} of ${shard.of} of a corpus.`,
      text: 'Merge the parts to read the whole.',
    },
    limitTokens === null
      ? null
      : {
          tone: 'info',
          head: `The run was to end after ${formatCount(limitTokens)} tokens.`,
          text: 'What follows in the corpus is in no figure.',
        },
    unread > 0
      ? {
          tone: 'warning',
          head: `${formatCount(unread)} ${unread === 1 ? 'file or record' : 'files or records'} could not be read.`,
          text: 'They are in no figure; the run manifest below says why.',
        }
      : null,
    unknown === null
      ? null
      : { tone: 'warning', head: 'Many words are unknown to the model.', text: unknown },
  ];
}

/** What the statistics leave out, where that is any token of the text; or that sinks are in them. */
function sinkNote(
  { keepSinks, dropSinks }: CarriedManifest['plan'],
  scored: number,
  { firstPosition, sink }: ExcludedCounts,
): ReadingNote | null {
  if (keepSinks) {
    return {
      tone: 'warning',
      head: 'First positions are counted.',
      text: 'Many models gather huge values there: a maximum may be of that position and of no token.',
    };
  }
  const left = firstPosition + sink;
  if (left === 0) return null;
  const sinks =
    dropSinks === null ? '' : ` and ${formatCount(sink)} sinks over ${dropSinks} × the median norm`;
  return {
    tone: 'info',
    head: 'Positions of attention sinks are left out.',
    text: `${formatCount(firstPosition)} first positions of windows${sinks} are in no figure (${formatShare(left / (left + scored))} of what was run).`,
  };
}
