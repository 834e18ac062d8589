import type { CacheLink } from '../../core/onnx/graph/cacheLinks';
import type { ChangeableSession, ChangedRow, Past, RunText } from './changeableSession';
import type { RowOutput } from './repeatedRows';

/** The graphs by which a decoder reads a text in passes: one for its beginning, one that goes on from a cache. */
export interface CachedPasses {
  readonly first: ChangeableSession;
  /** The same one where a graph does both. */
  readonly later: ChangeableSession;
  /** Of the later one. */
  readonly links: readonly CacheLink[];
}

/** A text that grows, of which the model runs only what is new. */
export class CachedText {
  private past: Past = { tokens: 0, caches: new Map() };

  constructor(private readonly passes: CachedPasses) {}

  /**
   * Runs what the text has more than at the last call.
   * @param text from its beginning on
   * @param row of all its tokens: a change holds where it stands, whichever pass a token is in
   * @returns of the new tokens
   */
  async read({ ids, named }: RunText, row: ChangedRow): Promise<RowOutput> {
    const { tokens, caches } = this.past;
    const { first, later, links } = this.passes;
    const session = tokens === 0 ? first : later;
    const fresh = ids.subarray(tokens);
    const own = new Map(named);
    if (own.has('decoder_input_ids')) {
      own.set('decoder_input_ids', { values: [...fresh], dims: [1, fresh.length] });
    }
    const wanted = links.filter(({ stays }) => tokens === 0 || !stays);
    const { output, beside } = await session.runOn(
      { ids: fresh, named: own },
      rowFrom(row, tokens),
      this.past,
      wanted.map(({ present }) => present),
    );
    const kept = new Map([
      ...caches,
      ...wanted.map(({ past, present }) => [past, beside.get(present)!] as const),
    ]);
    this.past = { tokens: ids.length, caches: kept };
    return output;
  }
}

/** The changes of the tokens from one on. */
function rowFrom({ changes, at }: ChangedRow, first: number): ChangedRow {
  return {
    at: at.subarray(first),
    changes: changes.map((change) =>
      typeof change.shift === 'number' ? change : { ...change, shift: change.shift.subarray(first) },
    ),
  };
}
