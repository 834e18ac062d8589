import { positionMask, type Change, type Positions } from '../../core/cause/change';
import { CachedText, type CachedPasses } from '../onnxruntime/cachedText';
import type { ChangedRow, RunText } from '../onnxruntime/changeableSession';
import type { RowOutput } from '../onnxruntime/repeatedRows';
import { gapOf } from './identity';
import type { Cause } from './openCause';
import type { Prompt } from './wholeModel';

/** Gives the logits behind a prompt and what was added to it so far. */
export class ContinuationReader {
  private cached: CachedText | null;
  private checked = false;

  /** @param passes null where the whole text is to be run each time */
  constructor(
    private readonly cause: Cause,
    passes: CachedPasses | null,
  ) {
    this.cached = passes && new CachedText(passes);
  }

  /**
   * The logits of the next token. The first that come of a cache are compared with those of the whole text; where they are
   * others (attention to a window alone, positions that no input tells), the cache is given up.
   * @param added all that was added, one token more than at the last call
   */
  async logitsAfter(
    prompt: Prompt,
    added: readonly number[],
    changes: readonly Change[],
    positions: Positions,
  ): Promise<Float32Array> {
    const { text, row } = grown(this.cause, prompt, added, changes, positions);
    const cached = this.cached && last(await this.cached.read(text, row));
    if (cached && (this.checked || added.length === 0)) return cached.values;
    const [output] = await this.cause.changeable.run(text, [row], 0, { last: true });
    const whole = last(output!);
    if (!cached) return whole.values;
    const { difference, allowed } = gapOf(this.cause, whole, cached);
    this.checked = true;
    if (difference > allowed) this.cached = null;
    return whole.values;
  }
}

function last({ values, width }: RowOutput): RowOutput {
  return { values: values.subarray(values.length - width), width };
}

function grown(
  { part }: Cause,
  { ids, length, named }: Prompt,
  added: readonly number[],
  changes: readonly Change[],
  positions: Positions,
): { readonly text: RunText; readonly row: ChangedRow } {
  const all = Uint32Array.from([...ids, ...added]);
  // What an encoder reads does not grow.
  const tokens = part === 'encoder' ? length : length + added.length;
  const at = positionMask(positions, tokens, length);
  const held = changes.map((change) => ({ ...change, shift: repeated(change.shift, tokens) }));
  const given = new Map(named);
  if (given.has('decoder_input_ids')) {
    given.set('decoder_input_ids', { values: [...all], dims: [1, all.length] });
  }
  return { text: { ids: all, named: given }, row: { changes: held, at } };
}

/** Values that were drawn for the prompt's tokens go round for new ones. */
function repeated(shift: number | Float32Array, tokens: number): number | Float32Array {
  if (typeof shift === 'number' || shift.length >= tokens) return shift;
  return Float32Array.from({ length: tokens }, (_, at) => shift[at % shift.length]!);
}
