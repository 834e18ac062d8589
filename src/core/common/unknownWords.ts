import { formatShare } from './numberFormat';

/** A lower share of unknown words is no news: every vocabulary lacks some. */
const WORTH_SAYING = 0.01;

/** What is said where many tokens stand for text that the vocabulary does not have; null where few do. */
export function unknownWordsSentence({
  tokens,
  unknownTokens,
}: {
  readonly tokens: number;
  readonly unknownTokens: number;
}): string | null {
  const share = tokens > 0 ? unknownTokens / tokens : 0;
  if (share <= WORTH_SAYING) return null;
  return `${formatShare(share)} of the tokens stand for text that the vocabulary does not have (such as [UNK]): all that the model sees of it is that it is unknown.`;
}
