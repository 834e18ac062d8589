import { LensError } from '../../core/common/errors';
import { listTokens } from '../onnxruntime/encodeTexts';
import { comparisonWith, type Comparison } from './comparison';
import type { Cause } from './openCause';
import type { UnchangedRun } from './unchangedModel';
import { hasDecoder, promptOf, type Prompt, type WholeModel } from './wholeModel';

/** A prompt that has run as it is. */
export interface RunPrompt {
  readonly prompt: Prompt;
  /** Tokens at the end that the model has no room for. */
  readonly tokensLeftOut: number;
  readonly run: UnchangedRun;
  /** null where its output cannot be read, with the reason. */
  readonly seen: Comparison | null;
  readonly reason: string | null;
}

/**
 * Runs one of several prompts, as much of it as the model has room for.
 * @returns a sentence where the prompt itself is why it cannot be run, so that the others are still shown
 * @throws LensError `unsupported-model` for a model that reads more than one text, or what running throws
 */
export async function runPrompt(cause: Cause, text: string): Promise<RunPrompt | string> {
  if (hasDecoder(cause)) {
    throw new LensError(
      'unsupported-model',
      `${cause.modelPackage.id} has a decoder beside its encoder, and prompts side by side are for models that read one ` +
        'text. Ablate its neurons instead: neuron-lens ablate.',
    );
  }
  try {
    const fitted = await fittedText(cause, text);
    const prompt = await promptOf(cause, fitted.text);
    const run = await cause.original.run(prompt);
    return { prompt, tokensLeftOut: fitted.leftOut, run, ...comparisonOf(cause, prompt, run) };
  } catch (thrown) {
    return reasonOf(thrown);
  }
}

/** A text, cut behind the last token that the model has room for. */
async function fittedText(
  { tokenizer, limits }: WholeModel,
  text: string,
): Promise<{ readonly text: string; readonly leftOut: number }> {
  const [tokens = []] = await listTokens(tokenizer, [text]);
  if (tokens.length <= limits.length) return { text, leftOut: 0 };
  const worded = tokens.filter(({ start, end }) => end > start);
  let room = limits.length - (tokens.length - worded.length);
  // Its end may be cut into more tokens than before: then less of it is taken.
  for (; room > 0; room--) {
    const used = text.slice(0, worded[room - 1]!.end);
    const count = (await listTokens(tokenizer, [used]))[0]!.length;
    if (count <= limits.length) return { text: used, leftOut: tokens.length - count };
  }
  return { text, leftOut: 0 };
}

function comparisonOf(
  cause: Cause,
  prompt: Prompt,
  { output }: UnchangedRun,
): Pick<RunPrompt, 'seen' | 'reason'> {
  try {
    return { seen: comparisonWith(cause, prompt, output), reason: null };
  } catch (thrown) {
    return { seen: null, reason: reasonOf(thrown) };
  }
}

/** What is the prompt's own fault. @throws what is not */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof LensError && thrown.code === 'usage') return thrown.message;
  throw thrown;
}
