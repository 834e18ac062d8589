import type { StoredProfile } from '../../profile/storedProfile';
import type { Corpus } from '../../text/corpus';
import type { CorpusFile, SourceDocument } from '../../text/document';
import type { Tokenizer } from '../../text/tokenizer';
import { documentsOf, readProfiledText, type ProfiledText } from '../conceptTexts';

/** The texts of a profile, for another model to be run over: as they were profiled, whatever became of the files. */
export async function profiledCorpus(
  stored: StoredProfile,
  tokenizer: Pick<Tokenizer, 'tokenize'>,
): Promise<Corpus> {
  const files = [...(await stored.files()).values()];
  const read: CorpusFile[] = [];
  return {
    root: stored.manifest.corpus.root,
    files,
    read,
    skipped: { binary: [], ignored: 0, unreadable: [], brokenRecords: [] },
    guessed: [],
    leaveOut: () => undefined,
    async *documents(signal) {
      read.length = 0;
      for (const row of await documentsOf(stored)) {
        signal.throwIfAborted();
        yield documentOf(await readProfiledText(stored, row, tokenizer));
      }
      read.push(...files);
    },
  };
}

function documentOf({ row, text, tokens, lines }: ProfiledText): SourceDocument {
  const { key, file, record, offsetBase } = row;
  return {
    ...{ key, file, record, text, offsetBase },
    // A profile keeps the line of every token; nothing is asked of columns here.
    locate: (offset) => ({ line: lines[tokenAt(tokens.starts, offset)] ?? 1, column: 1 }),
  };
}

/** The last token that begins at an offset or before it; the first where none does. */
function tokenAt(starts: Uint32Array, offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low;
}
