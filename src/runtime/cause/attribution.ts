import type { AttributionAnswer, NeuronShare } from '../../core/cause/attributionAnswer';
import { pullBack, scaleAt, type FeatureMap } from '../../core/cause/featureMap';
import { largestOf } from '../../core/cause/distribution';
import { correlationOf } from '../../core/cause/vocabularyEffect';
import { LensError } from '../../core/common/errors';
import { formatNeuron, formatSite } from '../../core/common/neuronAddress';
import { checkByAblation, UNCHECKED, type RankedShare } from './attributionChecks';
import { isCausalModel, stateOf, type HeadModel, type StreamTrace, type TracedPart } from './headModel';
import { tokenNamed } from './tokenNamed';
import { promptOf } from './wholeModel';

/** What wrote which token. */
export interface AttributionQuestion {
  readonly text: string;
  /** Of an encoder–decoder: what the decoder has written so far. */
  readonly decoderText?: string | undefined;
  /** The next token that is asked about (docs/cli.md); null: the likeliest. */
  readonly token: string | null;
  /** A token whose logit is taken off. */
  readonly against: string | null;
  /** Neurons that are listed. */
  readonly neurons: number;
  /** false: they are not checked by ablation. */
  readonly check?: boolean | undefined;
  readonly seed: number;
}

/** Of a decomposition: what may be left over, as a share of the logit and 1; more where the unembedding rounds what it reads. */
const RESIDUE = { full: 1e-3, rounded: 2e-2 };

/**
 * Takes the logit of the next token apart into what each part of the model writes toward it, down to single neurons, and
 * where that is asked for checks the largest shares by ablation, one by one and together.
 * @throws LensError `unsupported-model` with the reason where the logit is no sum of what the layers write
 */
export async function attributeToken(
  model: HeadModel,
  question: AttributionQuestion,
  signal: AbortSignal,
): Promise<AttributionAnswer> {
  const { whole } = model;
  const final = await requireSum(model);
  const trace = await model.trace(await promptOf(whole, question.text, question.decoderText));
  signal.throwIfAborted();
  const last = trace.prompt.ids.length - 1;
  const scores = trace.scores.subarray(trace.scores.length - model.vocabulary);
  const token =
    question.token === null
      ? largestOf(scores, 1)[0]!
      : await tokenNamed(whole, model.vocabulary, question.token);
  const against =
    question.against === null ? null : await tokenNamed(whole, model.vocabulary, question.against);
  const { target, bias: added } = await directionOf(model, token, against);
  const scale = await model.finalScale(trace, last);
  const direction = pullBack(final, target).map((value) => value * scale);
  const shares = trace.parts.map((traced) => ({
    part: traced.part,
    share: traced.part.factor * dot(partAt(traced, last, direction.length), direction),
  }));
  const total = (kind: string): number =>
    shares.filter(({ part }) => part.kind === kind).reduce((sum, { share }) => sum + share, 0);
  const bias = dot(final.bias, target) + added + total('constant');
  const ffn = shares.filter(({ part }) => part.kind === 'ffn');
  const sum = bias + total('embedding') + total('attention') + total('ffn');
  const logit = scores[token]! - (against === null ? 0 : scores[against]!);
  requireWhole(model, logit, sum);
  const ranked = await rankNeurons(model, trace, last, direction);
  signal.throwIfAborted();
  const checks =
    question.check !== false
      ? await checkByAblation(model, trace, ranked, { ...question, token, against }, signal)
      : UNCHECKED;
  const neurons = ranked
    .slice(0, question.neurons)
    .map(({ address, activation, direct }, at): NeuronShare => ({
      ...{ id: formatNeuron(address), activation, direct },
      ablated: checks.single[at] ?? null,
    }));
  const checked = neurons.filter(({ ablated }) => ablated !== null);
  const named = (id: number) => ({ id, text: whole.textOf([id]) });
  return {
    token: named(token),
    against: against === null ? null : named(against),
    ...{ logit, sum, residue: logit - sum, embedding: total('embedding') },
    attention: shares.filter(({ part }) => part.kind === 'attention').map(({ share }) => share),
    ffn: ffn.map(({ share }) => share),
    sites: ffn.map(({ part }) => formatSite(part.site!.site)),
    ...{ bias, neurons },
    correlation: correlationOf(
      checked.map(({ direct }) => direct),
      checked.map(({ ablated }) => ablated!),
    ),
    joint: checks.joint,
    identity: trace.identity,
    notices: [...noticesOf(model, logit - sum), ...checks.notices],
  };
}

/** The final norm of a model whose stream is a sum of what its layers write. */
async function requireSum(model: HeadModel): Promise<FeatureMap> {
  const { parts, whole } = model;
  const refuse = (reason: string): never => {
    throw new LensError(
      'unsupported-model',
      `What wrote a token cannot be told of ${whole.modelPackage.id}: ${reason}. ` +
        'Ablate neurons instead: neuron-lens ablate.',
    );
  };
  if ('reason' in parts) return refuse(parts.reason);
  const joins = new Set(parts.parts.map(({ site }) => site));
  const apart = whole.analysed.analysis.sites.find(
    (located) => located.site.part === whole.part && !joins.has(located),
  );
  if (apart) {
    return refuse(`the output of ${formatSite(apart.site)} is no term of its own in the residual stream`);
  }
  if (!isCausalModel(whole)) return refuse('it predicts masked tokens, and not the next one');
  const final = await model.finalNorm();
  return final ?? refuse('more than a norm stands between the residual stream and the unembedding');
}

/** What the unembedding looks for: of a token, or of one less another. */
async function directionOf(
  model: HeadModel,
  token: number,
  against: number | null,
): Promise<{ target: Float64Array; bias: number }> {
  const { directions, bias } = await (
    await model.unembedding()
  ).columns(against === null ? [token] : [token, against]);
  const [own, other] = directions;
  return {
    target: own!.map((value, at) => value - (other?.[at] ?? 0)),
    bias: bias[0]! - (bias[1] ?? 0),
  };
}

/** A part at a token; what is added alike at each has one row. */
function partAt({ values }: TracedPart, token: number, width: number): Float64Array {
  return stateOf(values, values.length === width ? 0 : token, width);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0);
}

function requireWhole(model: HeadModel, logit: number, sum: number): void {
  const share = roundsItsInput(model) ? RESIDUE.rounded : RESIDUE.full;
  const residue = Math.abs(logit - sum);
  const { id } = model.whole.modelPackage;
  if (residue <= share * (1 + Math.abs(logit))) return;
  throw new LensError(
    'unsupported-model',
    `The parts of ${id} add up to ${sum.toPrecision(5)}, and the logit is ${logit.toPrecision(5)}: ` +
      'no share is shown, as something of the model is in none. Ablate neurons instead: neuron-lens ablate.',
  );
}

/** Half precision, and products of integers. */
function roundsItsInput({ whole, head }: HeadModel): boolean {
  return (
    /16/.test(whole.modelPackage.dtype) ||
    /Integer|NBits|QLinear|QGemm|DynamicQuantize/.test(head.unembedding.node.opType)
  );
}

function noticesOf(model: HeadModel, residue: number): string[] {
  const notices: string[] = [];
  if (model.head.scores !== model.head.logits) {
    notices.push('The logits have a soft cap; what is taken apart is the value before it.');
  }
  if (roundsItsInput(model) && Math.abs(residue) > RESIDUE.full) {
    notices.push(`The residue of ${residue.toExponential(1)} is what the unembedding rounds off its input.`);
  }
  return notices;
}

/** All neurons by the size of what they write toward the token, largest first. */
async function rankNeurons(
  model: HeadModel,
  trace: StreamTrace,
  token: number,
  direction: Float64Array,
): Promise<RankedShare[]> {
  const ranked: RankedShare[] = [];
  for (const traced of trace.parts) {
    const located = traced.part.site;
    if (!located) continue;
    const { dFf, dModel } = located.site;
    const written = await model.written(located);
    if (!written) {
      throw new LensError(
        'unsupported-model',
        `The output weights of ${formatSite(located.site)} cannot be read by themselves, so the shares of its neurons ` +
          'cannot be told. Choose another export.',
      );
    }
    const own = await directionBefore(model, traced, token, direction);
    const acts = trace.acts.get(located)!;
    for (let neuron = 0; neuron < dFf; neuron++) {
      let toward = 0;
      for (let at = 0; at < dModel; at++) toward += written[neuron * dModel + at]! * own[at]!;
      const activation = acts[token * dFf + neuron]!;
      ranked.push({ address: { ...located.site, neuron }, located, activation, direct: activation * toward });
    }
  }
  return ranked.sort((a, b) => Math.abs(b.direct) - Math.abs(a.direct));
}

/** What a layer writes toward a direction of the stream, through the norm between the two as it scales at a token. */
async function directionBefore(
  model: HeadModel,
  { part, values, beforeNorm }: TracedPart,
  token: number,
  direction: Float64Array,
): Promise<Float64Array> {
  const width = direction.length;
  const norm = await model.normOf(part);
  if (!norm || !beforeNorm) return direction.map((value) => value * part.factor);
  const scale = scaleAt(norm, stateOf(beforeNorm, token, width), stateOf(values, token, width));
  return pullBack(norm, direction).map((value) => value * scale * part.factor);
}
