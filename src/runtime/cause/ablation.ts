import type { AblationAnswer, ControlEffect, TokenLoss } from '../../core/cause/ablationAnswer';
import { positionMask, type Change, type NeuronSetting, type Positions } from '../../core/cause/change';
import { controlledP, matchedControls } from '../../core/cause/controls';
import { cosine, divergence, likeliest, logProbabilities, logSumOfExponentials } from '../../core/cause/distribution';
import { LensError } from '../../core/common/errors';
import { formatNeuron, sameSite } from '../../core/common/neuronAddress';
import type { ChangedRow } from '../onnxruntime/changeableSession';
import type { RowOutput } from '../onnxruntime/repeatedRows';
import { generateBoth, type GenerationSettings } from './generation';
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

/** Rows of the next-token table: so many before and so many after. */
const LIKELIEST = 20;
/** Of the largest logit: what another order of float32 sums may change, and half precision. */
const IDENTITY = { full: 1e-4, half: 2e-2 };

/**
 * Changes neurons on a text and says what the output makes of it, beside as much done to other neurons of the same layers.
 * @param written takes each piece of the two continuations as it comes
 * @throws LensError `internal` where the unchanged model does not give the original output, with the difference
 */
export async function ablateText(
  cause: Cause,
  question: AblationQuestion,
  signal: AbortSignal,
  written: (side: 'before' | 'after', text: string) => void = () => undefined,
): Promise<AblationAnswer> {
  const prompt = await promptOf(cause, question.text, question.decoderText);
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
    const chosen = await chooseControls(cause, unchanged, question, at);
    const controls: ChangedRow[] = [];
    for (const neurons of chosen.rows) {
      const changes = await Promise.all(question.settings.map((setting, i) => resolve(setting, neurons[i]!)));
      controls.push({ changes, at });
    }
    const rows = [{ changes: [], at }, { changes: target, at }, ...controls];
    signal.throwIfAborted();
    const { outputs, identity } = await runRows(cause, prompt, rows, unchanged.output);
    requireFinite(outputs[1]!);
    const seen = comparison(cause, prompt, outputs[0]!);
    const effects = outputs.map((output) => seen.change(output));
    const controlEffects = controls.map(({ changes }, i): ControlEffect => ({
      neurons: changes.map(({ address }) => formatNeuron(address)),
      kl: seen.isDistribution ? effects[2 + i]! : null,
      change: effects[2 + i]!,
    }));
    const generated =
      question.generation && question.generation.tokens > 0
        ? await generateBoth(cause, prompt, target, question, signal, written)
        : null;
    return {
      identity,
      output: seen.output,
      kl: seen.isDistribution ? effects[1]! : null,
      p: controlledP(
        effects[1]!,
        controlEffects.map(({ change }) => change),
      ),
      ...seen.tell(outputs[1]!),
      loss: seen.output === 'next' ? losses(prompt, outputs[0]!, outputs[1]!) : [],
      controls: controlEffects,
      generated,
      changed: question.settings.map(({ address }, i) => ({
        neuron: formatNeuron(address),
        values: chosen.values[i]!,
      })),
      notices: [...chosen.notices, ...spelledSpecials(prompt, cause)],
    };
  } finally {
    await profiles.close();
  }
}

/**
 * Runs the rows together, or each by itself where rows of a batch reach each other.
 * @throws LensError `internal` where a row without changes does not give the original output
 */
async function runRows(
  cause: Cause,
  prompt: Prompt,
  rows: readonly ChangedRow[],
  original: RowOutput,
): Promise<{ outputs: RowOutput[]; identity: number }> {
  const together = await cause.changeable.run(prompt, rows, original.width);
  const first = gapOf(cause, original, together[0]!);
  if (first.difference <= first.allowed) return { outputs: together, identity: first.difference };
  const outputs = await cause.changeable.run(prompt, rows, original.width, true);
  const { difference, allowed } = gapOf(cause, original, outputs[0]!);
  if (difference <= allowed) return { outputs, identity: difference };
  throw new LensError(
    'internal',
    `With nothing changed, the output differs from the original model's by ${difference.toExponential(1)}: no effect ` +
      'is shown, as it would not be this model’s. Choose another export of it.',
  );
}

function gapOf(
  { modelPackage }: Cause,
  { values: original }: RowOutput,
  { values }: RowOutput,
): { difference: number; allowed: number } {
  let [difference, largest] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    const gap = Math.abs(values[at]! - original[at]!);
    if (!(gap <= difference)) difference = Number.isNaN(gap) ? Infinity : gap;
    largest = Math.max(largest, Math.abs(original[at]!));
  }
  const share = /16|q4|bnb4|int4/.test(modelPackage.dtype) ? IDENTITY.half : IDENTITY.full;
  return { difference, allowed: share * (1 + largest) };
}

function requireFinite({ values }: RowOutput): void {
  if (values.every(Number.isFinite)) return;
  throw new LensError(
    'usage',
    'With the neurons so changed the model gives no numbers any more (infinite or undefined logits). Choose smaller values.',
  );
}

interface ChosenControls {
  /** For each control the neurons in the place of those asked for. */
  readonly rows: readonly (readonly number[])[];
  /** Of each changed neuron, at the tokens that are meant. */
  readonly values: readonly (readonly number[])[];
  readonly notices: readonly string[];
}

/** Matches each changed neuron at the token, of those meant, where it is largest. */
async function chooseControls(
  cause: Cause,
  unchanged: UnchangedRun,
  { settings, controls: count, seed }: AblationQuestion,
  at: Uint8Array,
): Promise<ChosenControls> {
  const matches: number[][] = [];
  const values: number[][] = [];
  const notices: string[] = [];
  for (const { address } of settings) {
    const located = cause.sites.find(({ site }) => sameSite(site, address))!;
    const { dFf } = located.site;
    const act = unchanged.activationsOf(address);
    const meant = [...at.keys()].filter((token) => at[token] === 1);
    const own = (token: number): number => act[token * dFf + address.neuron]!;
    values.push(meant.map(own));
    if (count === 0) continue;
    const size = (token: number): number => (Number.isNaN(own(token)) ? -1 : Math.abs(own(token)));
    const peak = meant.reduce((best, token) => (size(token) > size(best) ? token : best));
    const known = await cause.outputNorms(located);
    if (!known)
      notices.push(
        `The controls are matched on |activation| alone: the output weights of the layer cannot be read.`,
      );
    const norms = known ?? new Float64Array(dFf).fill(1);
    const written = Float64Array.from(norms, (norm, neuron) => {
      const value = Math.abs(act[peak * dFf + neuron]!);
      return Number.isNaN(value) ? 0 : value * norm;
    });
    const taken = new Set(
      settings.filter((other) => sameSite(other.address, address)).map((other) => other.address.neuron),
    );
    const found = matchedControls(written, address.neuron, { count, seed, taken });
    if (found.length < count) {
      notices.push(
        `Only ${found.length} neurons of the layer of ${formatNeuron(address)} are controls: the others are silent.`,
      );
    }
    matches.push(found);
  }
  const most = Math.min(...matches.map(({ length }) => length), count);
  const rows =
    count === 0 ? [] : Array.from({ length: most }, (_, row) => matches.map((match) => match[row]!));
  return { rows, values, notices };
}

interface Comparison {
  readonly output: AblationAnswer['output'];
  readonly isDistribution: boolean;
  change(output: RowOutput): number;
  tell(output: RowOutput): Pick<AblationAnswer, 'next' | 'topRank' | 'cosine'>;
}

/** How an output is compared with the unchanged one. */
function comparison(cause: Cause, prompt: Prompt, before: RowOutput): Comparison {
  const tokens = before.values.length / before.width;
  const isVocabulary = 2 * before.width >= (cause.limits.vocabulary ?? cause.tokenizer.vocabularySize);
  const byToken = tokens === prompt.ids.length && prompt.ids.length > 0;
  if (/hidden/.test(cause.output) || (byToken && !isVocabulary && !/logits/.test(cause.output))) {
    return hiddenStates(before);
  }
  const output = byToken && isVocabulary ? (cause.causal ? 'next' : 'mask') : 'classes';
  const position = output === 'next' ? tokens - 1 : output === 'mask' ? maskedPosition(cause, prompt) : 0;
  const at = ({ values, width }: RowOutput): Float64Array =>
    logProbabilities(values.subarray(position * width, (position + 1) * width));
  const reference = at(before);
  return {
    output,
    isDistribution: true,
    change: (row) => divergence(reference, at(row)),
    tell: (row) => {
      const after = at(row);
      const shifts = likeliest(reference, after, LIKELIEST);
      const top = shifts[0]?.id ?? 0;
      const name = (id: number): string => (output === 'classes' ? classOf(cause, id) : cause.textOf([id]));
      return {
        next: shifts.map((shift) => ({ ...shift, token: name(shift.id) })),
        topRank: 1 + after.filter((value) => value > after[top]!).length,
        cosine: null,
      };
    },
  };
}

function hiddenStates(before: RowOutput): Comparison {
  const { width } = before;
  const sentence = ({ values }: RowOutput): Float32Array => {
    const mean = new Float32Array(width);
    values.forEach((value, at) => (mean[at % width]! += value));
    return mean;
  };
  const reference = sentence(before);
  return {
    output: 'hidden',
    isDistribution: false,
    change: (row) => 1 - cosine(reference, sentence(row)),
    tell: (row) => ({
      next: [],
      topRank: null,
      cosine: {
        sentence: cosine(reference, sentence(row)),
        tokens: Array.from({ length: row.values.length / width }, (_, token) =>
          cosine(
            before.values.subarray(token * width, (token + 1) * width),
            row.values.subarray(token * width, (token + 1) * width),
          ),
        ),
      },
    }),
  };
}

/** Where a masked-LM head is to be read. @throws LensError `usage` where the text has no mask */
function maskedPosition({ tokenizer, modelPackage }: Cause, { tokens }: Prompt): number {
  const position = tokens.findIndex(({ id, special }) => special && /mask/i.test(tokenizer.pieceOf(id)));
  if (position >= 0) return position;
  throw new LensError(
    'usage',
    `${modelPackage.id} predicts masked tokens, and the text has none. Write its mask token, such as [MASK] or <mask>, ` +
      'where a token is to be predicted.',
  );
}

function classOf({ modelPackage }: Cause, id: number): string {
  const labels = modelPackage.config['id2label'];
  const label: unknown =
    typeof labels === 'object' && labels !== null
      ? Object.entries(labels).find(([key]) => key === String(id))?.[1]
      : null;
  return typeof label === 'string' ? label : `class ${id}`;
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
