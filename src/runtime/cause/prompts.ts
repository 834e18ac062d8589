import { largestOf } from '../../core/cause/distribution';
import type { ComparedPrompt, NextToken, PatchEffect, PromptsAnswer } from '../../core/cause/promptsAnswer';
import type { PatchPlaces } from '../../core/cause/promptAlignment';
import { LensError } from '../../core/common/errors';
import { formatNeuron, formatSite, sameSite, type NeuronAddress } from '../../core/common/neuronAddress';
import { whyUnchangeable } from '../../core/onnx/surgery/intervene';
import { LIKELIEST } from './comparison';
import { locatedIn } from './matchControls';
import type { Cause } from './openCause';
import { patchValues } from './patching';
import { runPrompt, type RunPrompt } from './runPrompt';
import { sitesOf } from './wholeModel';

/** Which prompts are held side by side, and what is to be seen of them. */
export interface PromptsQuestion {
  readonly prompts: readonly string[];
  readonly neurons: readonly NeuronAddress[];
  /** Places in `prompts`, and at which tokens; null: nothing is patched. */
  readonly patch: { readonly from: number; readonly to: number; readonly at: PatchPlaces } | null;
  /** Neurons that are patched in the place of each, so that the effect can be held against theirs. */
  readonly controls: number;
  readonly seed: number;
}

/**
 * Runs prompts side by side: what neurons have on each, what comes next after each, and what comes of it when the values
 * that they have on one are given to them on another.
 * @param cause open for all layers
 * @throws LensError for neurons that the model does not have, or where the unchanged model does not give the original output
 */
export async function comparePrompts(
  cause: Cause,
  question: PromptsQuestion,
  signal: AbortSignal,
): Promise<PromptsAnswer> {
  requireNeurons(cause, question.neurons);
  const runs: (RunPrompt | string)[] = [];
  for (const text of question.prompts) {
    runs.push(await runPrompt(cause, text));
    signal.throwIfAborted();
  }
  const { patch } = question;
  const [from, to] = [runs[patch?.from ?? -1], runs[patch?.to ?? -1]];
  const patched =
    typeof from === 'object' && typeof to === 'object' && to.seen && question.neurons.length > 0
      ? await patchValues(cause, { ...question, from, to, at: patch!.at }, to.seen, signal)
      : null;
  return {
    output: runs.map((run) => (typeof run === 'object' ? run.seen?.output : null)).find(Boolean) ?? null,
    neurons: question.neurons.map(formatNeuron),
    prompts: runs.map((run) => comparedPrompt(cause, run, question.neurons)),
    next: nextTokens(runs, patched?.distribution ?? null),
    patch: patched && effectOf(patched),
    notices: patched?.notices ?? [],
  };
}

function effectOf({ pairs, kl, change, controls, p, identity }: PatchEffect): PatchEffect {
  return { pairs, kl, change, controls, p, identity };
}

function requireNeurons(cause: Cause, neurons: readonly NeuronAddress[]): void {
  for (const located of sitesOf(cause, neurons)) {
    if (cause.sites.some(({ site }) => sameSite(site, located.site))) continue;
    const reason = whyUnchangeable(cause.analysed.analysis.index, located);
    throw new LensError(
      'unsupported-model',
      `Neurons of ${formatSite(located.site)} cannot be held side by side: ` +
        `${reason ?? 'they have no value at every token'}. Name others.`,
    );
  }
}

function comparedPrompt(
  cause: Cause,
  run: RunPrompt | string,
  neurons: readonly NeuronAddress[],
): ComparedPrompt {
  if (typeof run === 'string') return { tokens: [], tokensLeftOut: 0, values: [], reason: run };
  const { tokens } = run.prompt;
  return {
    tokens: tokens.map(({ id, start, end }) => ({ id, start, end, piece: cause.tokenizer.pieceOf(id) })),
    tokensLeftOut: run.tokensLeftOut,
    values: neurons.map((address) => {
      const { dFf } = locatedIn(cause, address).site;
      const activations = run.run.activationsOf(address);
      return tokens.map((_, token) => activations[token * dFf + address.neuron]!);
    }),
    reason: run.reason,
  };
}

function nextTokens(runs: readonly (RunPrompt | string)[], patched: Float64Array | null): NextToken[] {
  const distributions = runs.map((run) =>
    typeof run === 'object' ? (run.seen?.distributionOf(run.run.output) ?? null) : null,
  );
  const seen = runs.map((run) => (typeof run === 'object' ? run.seen : null)).find((one) => one !== null);
  const all = [...distributions, patched].filter((one) => one !== null);
  const ids = new Set(all.flatMap((distribution) => largestOf(distribution, LIKELIEST)));
  const largest = ({ shares }: NextToken): number => Math.max(...shares.map((share) => share ?? 0));
  return [...ids]
    .map((id): NextToken => ({
      id,
      token: seen?.nameOf(id) ?? '',
      shares: distributions.map((logs) => logs && Math.exp(logs[id]!)),
      patched: patched && Math.exp(patched[id]!),
    }))
    .sort((a, b) => largest(b) - largest(a) || a.id - b.id);
}
