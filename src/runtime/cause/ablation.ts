import type { AblationAnswer, ControlEffect, TokenLoss } from '../../core/cause/ablationAnswer';
import { positionMask, type Change, type NeuronSetting, type Positions } from '../../core/cause/change';
import { controlledP } from '../../core/cause/controls';
import { logSumOfExponentials } from '../../core/cause/distribution';
import { LensError } from '../../core/common/errors';
import { formatNeuron, type NeuronAddress } from '../../core/common/neuronAddress';
import type { ChangedRow } from '../onnxruntime/changeableSession';
import type { RowOutput } from '../onnxruntime/repeatedRows';
import { comparisonWith } from './comparison';
import { runCheckedRows } from './checkedRows';
import { locatedIn, matchControls } from './matchControls';
import {
  generateBoth,
  requireContinuable,
  type ContinuationObserver,
  type GenerationSettings,
} from './generation';
import type { Cause } from './openCause';
import { resolveSetting, SettingProfiles } from './resolveSetting';
import type { UnchangedRun } from './unchangedModel';
import { promptOf, type Prompt } from './wholeModel';

/** What is to be changed, on which text, and what is to be seen of it. */
export interface AblationQuestion {
  readonly text: string;
  /** Of an encoder–decoder: what the decoder has written so far. */
  readonly decoderText?: string;
  readonly settings: readonly NeuronSetting[];
  readonly positions: Positions;
  readonly controls: number;
  readonly seed: number;
  readonly generation: GenerationSettings | null;
}

/** Who is told before all is done. */
export interface AblationObserver extends ContinuationObserver {
  /** Takes all but the continuations, before these are begun. */
  readonly measured?: (answer: AblationAnswer) => void;
}

/**
 * Changes neurons on a text and says what the output makes of it, beside as much done to other neurons of the same layers.
 * Stopped while the text is gone on with, it keeps what is written.
 * @throws LensError `identity-failed` where the unchanged model does not give the original output, with the difference
 */
export async function ablateText(
  cause: Cause,
  question: AblationQuestion,
  signal: AbortSignal,
  observer: AblationObserver = {},
): Promise<AblationAnswer> {
  const prompt = await promptOf(cause, question.text, question.decoderText);
  const generation = question.generation?.tokens ? question.generation : null;
  const shortened = generation && requireContinuable(cause, prompt, generation);
  const profiles = new SettingProfiles(cause.analysed.sha256, cause.quantity);
  try {
    const { length } = prompt;
    const at = positionMask(question.positions, length, length);
    if (!at.includes(1)) {
      throw new LensError('usage', `The text has ${length} tokens, and none of those meant is among them.`);
    }
    const resolve = (
      { address, setting }: AblationQuestion['settings'][number],
      other: number,
    ): Promise<Change> =>
      resolveSetting(setting, { ...address, neuron: other }, length, profiles, question.seed);
    const target = await Promise.all(
      question.settings.map((setting) => resolve(setting, setting.address.neuron)),
    );
    const unchanged = await cause.original.run(prompt);
    const seenAt = question.settings.map(({ address }) =>
      valuesAt(unchanged, address, locatedIn(cause, address).site.dFf, at),
    );
    const chosen = await matchControls(
      cause,
      question,
      seenAt.map(({ sizes }) => sizes),
    );
    const controls: ChangedRow[] = [];
    for (const neurons of chosen.rows) {
      const changes = await Promise.all(question.settings.map((setting, i) => resolve(setting, neurons[i]!)));
      controls.push({ changes, at });
    }
    const nothing = { changes: [], at };
    signal.throwIfAborted();
    const both = [nothing, { changes: target, at }];
    const { outputs, identity } = await runCheckedRows(cause, prompt, both, unchanged.output);
    requireFinite(outputs[1]!);
    const seen = comparisonWith(cause, prompt, outputs[0]!);
    const isNext = seen.output === 'next';
    signal.throwIfAborted();
    const others =
      controls.length === 0
        ? { outputs: [], identity }
        : await runCheckedRows(cause, prompt, [nothing, ...controls], unchanged.output, isNext);
    const [own = 0, ...effects] = [outputs[1]!, ...others.outputs.slice(1)].map((output) =>
      seen.change(output),
    );
    const controlEffects = controls.map(({ changes }, i): ControlEffect => ({
      neurons: changes.map(({ address }) => formatNeuron(address)),
      kl: seen.isDistribution ? effects[i]! : null,
      change: effects[i]!,
    }));
    const answer: AblationAnswer = {
      identity: Math.max(identity, others.identity),
      output: seen.output,
      kl: seen.isDistribution ? own : null,
      p: controlledP(
        own,
        controlEffects.map(({ change }) => change),
      ),
      ...seen.tell(outputs[1]!),
      loss: seen.output === 'next' ? losses(prompt, outputs[0]!, outputs[1]!) : [],
      controls: controlEffects,
      generated: null,
      changed: question.settings.map(({ address }, i) => ({
        neuron: formatNeuron(address),
        values: seenAt[i]!.values,
      })),
      notices: [...chosen.notices, ...spelledSpecials(prompt, cause), ...(shortened ? [shortened] : [])],
    };
    if (!generation) return answer;
    observer.measured?.(answer);
    return { ...answer, generated: await generateBoth(cause, prompt, target, question, signal, observer) };
  } finally {
    await profiles.close();
  }
}

function requireFinite({ values }: RowOutput): void {
  if (values.every(Number.isFinite)) return;
  throw new LensError(
    'usage',
    'With the neurons so changed the model gives no numbers any more (infinite or undefined logits). Choose smaller values.',
  );
}

/** Of each changed neuron, its values at the tokens that are meant, and as a size what it has where that is largest. */
function valuesAt(
  { activationsOf }: UnchangedRun,
  address: NeuronAddress,
  dFf: number,
  at: Uint8Array,
): { readonly values: number[]; readonly sizes: Float64Array } {
  const act = activationsOf(address);
  const meant = [...at.keys()].filter((token) => at[token] === 1);
  const own = (token: number): number => act[token * dFf + address.neuron]!;
  const size = (token: number): number => (Number.isNaN(own(token)) ? -1 : Math.abs(own(token)));
  const peak = meant.reduce((best, token) => (size(token) > size(best) ? token : best));
  return {
    values: meant.map(own),
    sizes: Float64Array.from(act.subarray(peak * dFf, (peak + 1) * dFf), Math.abs),
  };
}

function losses({ tokens }: Prompt, before: RowOutput, after: RowOutput): TokenLoss[] {
  const at = ({ values, width }: RowOutput, token: number, id: number): number | null => {
    if (token === 0) return null;
    const logits = values.subarray((token - 1) * width, token * width);
    return logSumOfExponentials(logits) - logits[id]!;
  };
  return tokens.map(({ id, start, end }, token) => ({
    ...{ id, start, end },
    before: at(before, token, id),
    after: at(after, token, id),
  }));
}

function spelledSpecials({ tokens }: Prompt, { tokenizer }: Cause): string[] {
  const spelled = tokens.filter(({ special, start, end }) => special && end > start);
  if (spelled.length === 0) return [];
  const pieces = [...new Set(spelled.map(({ id }) => tokenizer.pieceOf(id)))].join(', ');
  return [`The text spells special tokens (${pieces}); they are run as what they are.`];
}
