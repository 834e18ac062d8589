import type { EffectAnswer, NeuronWeights, PromotedTokens } from '../../core/cause/effectAnswer';
import { correlationOf, extremes, momentsOf, withoutMean } from '../../core/cause/vocabularyEffect';
import { LensError } from '../../core/common/errors';
import { formatNeuron, formatSite, type NeuronAddress } from '../../core/common/neuronAddress';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { inputWeights } from '../onnxruntime/inputWeights';
import { PROBE_TEXT } from '../onnxruntime/probeTokens';
import { calibrate } from './calibration';
import { headDirection } from './headDirection';
import { countedTokens, stateOf, type HeadModel, type StreamTrace } from './headModel';
import { SettingProfiles, ownStrength } from './resolveSetting';
import { alignment } from './weightFigures';
import { promptOf, sitesOf } from './wholeModel';

/** Of which neuron, and on what. */
export interface EffectQuestion {
  readonly address: NeuronAddress;
  /** The text whose residual stream the head is run on; a fixed one if null. */
  readonly text: string | null;
  /** Folder of a profile of this model, for the neuron's own strength; null: its largest activation in the text. */
  readonly profile: string | null;
  /** Tokens on each side. */
  readonly tokens: number;
  /** Whether direct effects are to be compared with ablations of this model. */
  readonly calibrate: boolean;
}

/**
 * The tokens that a neuron's output weights promote and suppress: through the weights alone, and through the model's own
 * head, run on the residual stream of a text with and without what the neuron writes.
 * @throws LensError where there is no such neuron, its weights cannot be read, or as `HeadModel.trace` does
 */
export async function effectOf(
  model: HeadModel,
  question: EffectQuestion,
  signal: AbortSignal,
): Promise<EffectAnswer> {
  const { address } = question;
  const { whole } = model;
  const [located] = sitesOf(whole, [address]);
  const written = await model.written(located!);
  if (!written) {
    throw new LensError(
      'unsupported-model',
      `The output weights of ${formatSite(address)} cannot be read by themselves, so no effect of ` +
        `${formatNeuron(address)} on the output can be told. Choose another layer or export.`,
    );
  }
  const text = question.text ?? PROBE_TEXT;
  const trace = await model.trace(await promptOf(whole, text, text));
  signal.throwIfAborted();
  const width = located!.site.dModel;
  const out = Float64Array.from(written.subarray(address.neuron * width, (address.neuron + 1) * width));
  const { strength, strengthOf, notices } = await strengthOfNeuron(model, question, located!, trace);
  const weights = await throughWeights(model, located!, out);
  signal.throwIfAborted();
  const head = await throughHead(
    model,
    located!,
    trace,
    out.map((value) => value * strength),
  );
  signal.throwIfAborted();
  const moments = typeof weights === 'string' ? null : momentsOf(weights);
  const read = await inputWeights(whole.modelPackage, whole.analysed, located!);
  const shape: NeuronWeights = {
    outNorm: Math.sqrt(out.reduce((sum, value) => sum + value * value, 0)),
    ...alignment(read ? read(address.neuron) : null, out),
    kurtosis: moments?.kurtosis ?? null,
    skewness: moments?.skewness ?? null,
  };
  const named = (effects: Float64Array): PromotedTokens => promotedTokens(model, effects, question.tokens);
  return {
    neuron: formatNeuron(address),
    identity: trace.identity,
    ...{ strength, strengthOf },
    weights: typeof weights === 'string' ? null : named(weights),
    weightsReason: typeof weights === 'string' ? weights : null,
    head: named(head),
    agreement: typeof weights === 'string' ? null : correlationOf(weights, head),
    shape,
    calibration: question.calibrate ? await calibrate(model, trace, signal) : null,
    notices: [...notices, ...streamNotices(model)],
  };
}

/** What stands between the layers and the head, in a sentence where something does. */
function streamNotices({ parts }: HeadModel): string[] {
  if ('parts' in parts) return [];
  return [`Only what reaches the last norm as it is has this effect, and here ${parts.reason}.`];
}

interface Strength extends Pick<EffectAnswer, 'strength' | 'strengthOf'> {
  readonly notices: readonly string[];
}

/** The neuron's own scale: its 99.9 % quantile in a profile, or its largest activation in the text (the smallest where all are negative). */
async function strengthOfNeuron(
  model: HeadModel,
  { address, profile }: EffectQuestion,
  located: LocatedSite,
  trace: StreamTrace,
): Promise<Strength> {
  const from = profile === null ? 'text' : 'profile';
  const strength =
    profile === null
      ? await strongestIn(model, trace, located, address)
      : await quantileIn(profile, model, address);
  if (strength !== null && Math.abs(strength) > 0) return { strength, strengthOf: from, notices: [] };
  const silent =
    strength === null
      ? 'in an expert that gets no token of this text'
      : from === 'text'
        ? 'silent on this text'
        : 'silent in the profile (its 99.9 % quantile is 0)';
  const notice = `${formatNeuron(address)} is ${silent}, so that the effect shown is that of an activation of 1.`;
  return { strength: 1, strengthOf: 'one', notices: [notice] };
}

async function quantileIn(folder: string, model: HeadModel, address: NeuronAddress): Promise<number> {
  const profiles = new SettingProfiles(model.whole.analysed.sha256, 'act');
  try {
    return await ownStrength(profiles, folder, address);
  } finally {
    await profiles.close();
  }
}

/** @returns null for an expert that gets no token */
async function strongestIn(
  model: HeadModel,
  trace: StreamTrace,
  located: LocatedSite,
  { neuron }: NeuronAddress,
): Promise<number | null> {
  const acts = await model.activationsOf(located, trace);
  const values = countedTokens(model, trace)
    .map((token) => acts[token * located.site.dFf + neuron]!)
    .filter((value) => !Number.isNaN(value));
  if (values.length === 0) return null;
  const largest = Math.max(...values);
  return largest > 0 ? largest : Math.min(...values);
}

/** w_out through the norms' gains into the unembedding, less the mean over the vocabulary; the reason where it has no such path. */
async function throughWeights(
  model: HeadModel,
  located: LocatedSite,
  out: Float64Array,
): Promise<Float64Array | string> {
  const direction = await headDirection(model, located, out);
  if (typeof direction === 'string') return direction;
  const [scores] = await (await model.unembedding()).project([direction]);
  return withoutMean(scores!);
}

/** The change of the logits, less its mean over the vocabulary, averaged over the tokens. */
async function throughHead(
  model: HeadModel,
  located: LocatedSite,
  trace: StreamTrace,
  added: Float64Array,
): Promise<Float64Array> {
  const tokens = countedTokens(model, trace);
  const states = tokens.map((token) => stateOf(trace.stream.values, token, added.length));
  const moved: Float64Array[] = [];
  for (const [at, token] of tokens.entries()) {
    const own = await model.joinedAt(located, trace, token, added);
    moved.push(states[at]!.map((value, feature) => value + own[feature]!));
  }
  const logits = await model.logitsOfStates([...states, ...moved], trace);
  const sum = new Float64Array(model.vocabulary);
  tokens.forEach((_, at) => {
    const before = at * model.vocabulary;
    const after = (tokens.length + at) * model.vocabulary;
    for (let token = 0; token < sum.length; token++) {
      sum[token]! += (logits[after + token]! - logits[before + token]!) / tokens.length;
    }
  });
  return withoutMean(sum);
}

function promotedTokens({ whole }: HeadModel, effects: Float64Array, count: number): PromotedTokens {
  const { high, low } = extremes(effects, count);
  const list = (ids: readonly number[]) =>
    ids.map((id) => ({ id, token: whole.textOf([id]), effect: effects[id]! }));
  return { promoted: list(high), suppressed: list(low) };
}
