import { LensError } from '../../core/common/errors';
import type { Corpus } from '../../core/text/corpus';
import type { SourceDocument } from '../../core/text/document';
import { tokensOrReason, UnfitText } from '../../core/text/tokenizer';
import type { ConceptLabels } from './conceptLabels';
import type { Prompt, WholeModel } from './wholeModel';

/** A stretch of a document as it is run. */
export interface CorpusWindow {
  readonly document: SourceDocument;
  readonly prompt: Prompt;
  /** [tokens of the prompt] 1 where a token carries the concept that is asked about; null without one. */
  readonly carriers: Uint8Array | null;
}

/** Tokens of text in a window. */
const WINDOW = 128;
/** So many documents share the tokens evenly, where the corpus has as many. */
const DOCUMENTS = 20;

/** Cuts the first texts of a corpus into windows. @throws LensError `not-found` where it has none to be run */
export async function readWindows(
  { tokenizer, limits }: WholeModel,
  { corpus, limitTokens }: { readonly corpus: Corpus; readonly limitTokens: number },
  concept: ConceptLabels | null,
  signal: AbortSignal,
): Promise<CorpusWindow[]> {
  const { before, after } = tokenizer.frame;
  const length = Math.min(WINDOW, limits.length - before.length - after.length);
  const mostOfOne = Math.max(length, Math.ceil(limitTokens / Math.min(DOCUMENTS, corpus.files.length)));
  const windows: CorpusWindow[] = [];
  let taken = 0;
  for await (const document of corpus.documents(signal)) {
    if (taken >= limitTokens) break;
    const tokens = await tokensOrReason(tokenizer, document.text);
    if (tokens instanceof UnfitText || tokens.ids.some((id) => id >= (limits.vocabulary ?? Infinity)))
      continue;
    const carries = concept && (await concept.carriers(document, tokens, length));
    const most = Math.min(tokens.ids.length, mostOfOne, limitTokens - taken);
    for (let start = 0; start < most; start += length) {
      const end = Math.min(start + length, most);
      const framed = (ids: readonly number[], place: number) =>
        ids.map((id) => ({ id, start: place, end: place, special: true }));
      const own = Array.from({ length: end - start }, (_, at) => ({
        id: tokens.ids[start + at]!,
        start: tokens.starts[start + at]!,
        end: tokens.ends[start + at]!,
        special: tokens.special[start + at] === 1,
      }));
      const all = [...framed(before, own[0]!.start), ...own, ...framed(after, own.at(-1)!.end)];
      const ids = Uint32Array.from(all, ({ id }) => id);
      if (ids.length < 2) continue;
      const carriers = carries && new Uint8Array(ids.length);
      carriers?.set(carries!.subarray(start, end), before.length);
      windows.push({
        document,
        prompt: { tokens: all, ids, length: ids.length, named: new Map() },
        carriers,
      });
    }
    taken += most;
  }
  if (windows.length > 0) return windows;
  throw new LensError('not-found', 'The corpus holds no text of two tokens or more. Name other files.');
}
