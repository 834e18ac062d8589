import { LensError } from '../../core/common/errors';
import { findHead } from '../../core/onnx/head/findHead';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import { ChangeableSession, type ChangeableOptions } from '../onnxruntime/changeableSession';
import type { RowOutput } from '../onnxruntime/repeatedRows';
import { gapOf, notTheSame } from './identity';
import { UnchangedModel } from './unchangedModel';
import type { Prompt, WholeModel } from './wholeModel';

/** What is to be opened, and what its file makes of a prompt. */
interface Checked {
  readonly whole: WholeModel;
  readonly sites: readonly LocatedSite[];
  readonly output: string;
  readonly options: ChangeableOptions & { readonly quantity: Quantity };
  readonly prompt: Prompt;
  readonly known: RowOutput;
}

/** A model that is open for changes, and is known to be the one of its file. */
export interface CheckedModel {
  readonly changeable: ChangeableSession;
  readonly original: UnchangedModel;
  /** Largest difference to the output of the file. */
  readonly identity: number;
}

/** Further off than that, a head that reads chosen tokens is run by other operators than the file's: all are read then. */
const EXACT = 1e-6;

/**
 * Opens a model for changes, and sees that with nothing changed it gives what its file gives.
 * @param byToken whether the output is one of logits by token: where it is found how, runs may then leave tokens out of it
 * @throws LensError `identity-failed` where the two give different outputs, `unsupported-model` with onnxruntime's reason
 */
export async function openChecked(asked: Checked, byToken: boolean): Promise<CheckedModel> {
  const { analysed, limits, modelPackage } = asked.whole;
  // In half precision no other order of operators is exact.
  const mayNarrow = byToken && !/16/.test(modelPackage.dtype);
  const found = mayNarrow ? findHead(analysed.analysis.index, asked.output, limits.vocabulary) : null;
  const { unembedding, normed } = found && 'head' in found ? found.head : { unembedding: null, normed: null };
  // Reshaping between the two may have the number of tokens written down.
  for (const input of new Set([unembedding?.input.name, normed?.name])) {
    if (input === undefined) continue;
    const narrow = await tryOpen(asked, input).catch(unlessFault);
    if (narrow && narrow.identity <= EXACT) return narrow;
    await narrow?.changeable.dispose();
  }
  return tryOpen(asked, null);
}

/** What stands before the unembedding may be no tensor of tokens: then all of them are always read. */
function unlessFault(thrown: unknown): null {
  if (thrown instanceof LensError) return null;
  throw thrown;
}

async function tryOpen(
  { whole, sites, output, options, prompt, known }: Checked,
  headInput: string | null,
): Promise<CheckedModel> {
  const wishes = { ...options, tells: true, headInput };
  const changeable = await ChangeableSession.open(whole.modelPackage, whole.analysed, sites, output, wishes);
  try {
    const original = new UnchangedModel(changeable, whole, sites, options.quantity);
    const outputs = [(await original.run(prompt)).output];
    if (headInput !== null) {
      const row = { changes: [], at: new Uint8Array(prompt.length) };
      outputs.push(...(await changeable.run(prompt, [row], known.width, { last: true })));
      if (outputs.some(({ width }) => width !== known.width)) throw notTheSame(Infinity);
    }
    const gaps = outputs.map((row) => gapOf(whole, known, row));
    const identity = Math.max(...gaps.map(({ difference }) => difference));
    const isSame = gaps.every(({ difference, allowed }) => difference <= allowed);
    if (isSame && outputs[0]!.values.length === known.values.length)
      return { changeable, original, identity };
    throw notTheSame(identity);
  } catch (thrown) {
    await changeable.dispose();
    throw thrown;
  }
}
