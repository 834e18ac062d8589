import {
  applyMap,
  deviation,
  mapProbes,
  readMap,
  scaleAt,
  type FeatureMap,
} from '../../core/cause/featureMap';
import { LensError } from '../../core/common/errors';
import type { Part } from '../../core/common/neuronAddress';
import type { Head, StreamEnd } from '../../core/onnx/head/findHead';
import { streamParts, type PartsSearch, type StreamPart } from '../../core/onnx/head/streamParts';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { exposeNeurons } from '../../core/onnx/surgery/expose';
import { whyUnchangeable } from '../../core/onnx/surgery/intervene';
import { streamTerms } from '../../core/onnx/surgery/segment';
import { ChangeableSession } from '../onnxruntime/changeableSession';
import { isCausal } from '../onnxruntime/causality';
import { headOf, headTolerance, sumOf } from '../onnxruntime/headTest';
import { openSegment, type FloatTensor, type OpenSegment } from '../onnxruntime/openSegment';
import { outputWeights } from '../onnxruntime/outputWeights';
import { fittedBatch, type FixedShape } from '../onnxruntime/fixedShape';
import { repeatRow } from '../onnxruntime/repeatedRows';
import { StackSession } from '../onnxruntime/stackSession';
import { fileBytes, requireMemory } from './modelMemory';
import { HeadChanges } from './headChanges';
import { WholeSessions, type HeldSession } from './wholeSessions';
import { UnchangedModel } from './unchangedModel';
import { Unembedding } from './unembedding';
import {
  hasDecoder,
  readWholeModel,
  type WholeModelRequest,
  type Prompt,
  type WholeModel,
} from './wholeModel';

/** What one of the tensors that add up to the stream holds in a run. */
export interface TracedPart {
  readonly part: StreamPart;
  /** [tokens × width] */
  readonly values: Float32Array;
  /** [tokens × width] What a norm before the stream reads; null where there is none. */
  readonly beforeNorm: Float32Array | null;
}

/** What a run of the whole model computes on the way to its logits. */
export interface StreamTrace {
  readonly prompt: Prompt;
  /** The residual stream at its end, with all tokens that a fixed shape adds. */
  readonly stream: FloatTensor;
  /** [tokens × width] What the unembedding reads. */
  readonly normed: Float32Array;
  /** [tokens × vocabulary], of the last token alone in some models. */
  readonly scores: Float32Array;
  readonly logits: Float32Array;
  /** [tokens × neurons] */
  readonly acts: ReadonlyMap<LocatedSite, Float32Array>;
  readonly parts: readonly TracedPart[];
  /** Largest difference of the head run alone to the model's logits. */
  readonly identity: number;
}

/** A model with its head found, and whatever of it was needed so far open in onnxruntime. */
export class HeadModel {
  private readonly opened: { dispose(): Promise<void> }[] = [];
  private readonly norms = new Map<string, Promise<FeatureMap | null>>();
  private readonly weights = new Map<LocatedSite, Promise<Float32Array | null>>();
  private readonly sessions: WholeSessions;
  private readonly traced: HeldSession<StackSession>;
  private shape: FixedShape = { rows: null, length: null };
  private alone: Promise<OpenSegment> | null = null;
  private projection: Promise<Unembedding> | null = null;
  readonly width: number;
  readonly vocabulary: number;
  readonly parts: PartsSearch;
  private readonly exposed: ReturnType<typeof exposeNeurons>;
  /** The sites whose neurons have a value at every token. */
  private readonly everywhere: readonly LocatedSite[];
  /** Of these, the ones whose neurons can be changed. */
  readonly changes: HeadChanges;

  private constructor(
    readonly whole: WholeModel,
    readonly head: Head,
    private readonly threads: number | undefined,
  ) {
    const { index, sites } = whole.analysed.analysis;
    this.width = head.unembedding.inFeatures;
    this.vocabulary = head.unembedding.outFeatures;
    this.parts = streamParts(
      index,
      head.stream,
      sites.filter(({ site }) => site.part === whole.part),
    );
    this.everywhere = sites.filter(({ source, site }) => !source.routing && site.part === whole.part);
    const asFeatures = (name: string) => ({ name, axis: -1, rank: null });
    const beside = [
      head.normed,
      ...[head.scores, head.logits, ...streamTerms(head.stream)].map(asFeatures),
      ...this.partTensors().map(asFeatures),
    ];
    const wanted = this.everywhere.map(({ source }) => ({ ffn: source, quantity: 'act' as const }));
    this.exposed = exposeNeurons(index, wanted, whole.analysed.weights.renamed, beside);
    this.sessions = new WholeSessions(whole);
    const changeable = this.everywhere.filter((located) => whyUnchangeable(index, located) === null);
    this.changes = new HeadChanges(
      whole,
      changeable,
      this.sessions,
      threads === undefined ? {} : { threads },
    );
    this.traced = this.sessions.hold(() => this.openWhole());
  }

  /**
   * Finds the head of a model.
   * @throws LensError `no-head` with the reason where it has none, or what reading it throws
   */
  static async open(request: WholeModelRequest, part: Part | null): Promise<HeadModel> {
    const whole = await readWholeModel(request, part);
    const found = await headOf(whole.modelPackage, whole.analysed);
    if ('head' in found) return new HeadModel(whole, found.head, request.threads);
    throw new LensError(
      'no-head',
      `${whole.modelPackage.id} has no head over its vocabulary: ${found.reason}. ` +
        'Choose an export with a language-model head, such as one made for text generation.',
    );
  }

  /** Runs a prompt through the whole model. @throws LensError `internal` where the head alone does not give its logits */
  async trace(prompt: Prompt): Promise<StreamTrace> {
    const session = await this.traced.use();
    this.shape = session.fixed;
    const { ids, named } = prompt;
    const batch = fittedBatch(repeatRow(ids, 1), this.shape);
    const results = await session.run(batch, named, undefined, session.atEveryToken);
    const floats = (name: string): Float32Array => results[name]!.data as Float32Array;
    const [normed = '', scores = '', logits = '', ...others] = this.exposed.beside;
    const terms = others.splice(0, streamTerms(this.head.stream).length);
    const stream = { values: sumOf(terms.map(floats)), dims: results[terms[0]!]!.dims };
    const acts = new Map(this.everywhere.map((site, at) => [site, floats(this.exposed.outputs[at]!)]));
    const parts = this.knownParts().map((part): TracedPart => ({
      part,
      values: floats(others.shift()!),
      beforeNorm: part.beforeNorm === null ? null : floats(others.shift()!),
    }));
    const traced = {
      ...{ prompt, stream, acts, parts },
      ...{ normed: floats(normed), scores: floats(scores), logits: floats(logits) },
    };
    const again = await this.logitsOf(traced, stream.values);
    return { ...traced, identity: this.requireSame(again, traced.logits) };
  }

  /** [tokens × neurons] of a site in a run; NaN at the tokens that an expert did not get, which are run anew for it. */
  async activationsOf(located: LocatedSite, { acts, prompt }: StreamTrace): Promise<Float32Array> {
    const known = acts.get(located);
    if (known) return known;
    const { modelPackage, analysed } = this.whole;
    const held = this.sessions.hold(() =>
      ChangeableSession.open(modelPackage, analysed, [located], this.head.logits, { tells: true }),
    );
    const model = new UnchangedModel(await held.use(), this.whole, [located], 'act');
    try {
      return (await model.run(prompt)).activationsOf(located.site);
    } finally {
      await held.close();
    }
  }

  /** What the head makes of a stream, in the place of the one of a run. @returns as `StreamTrace.logits` */
  async logitsOf(
    { prompt, stream }: Pick<StreamTrace, 'prompt' | 'stream'>,
    values: Float32Array,
  ): Promise<Float32Array> {
    const { stream: end, logits } = this.head;
    const head = await (this.alone ??= this.headSegment(end, logits));
    const { ids, named } = prompt;
    const batch = fittedBatch(repeatRow(ids, 1), this.shape);
    const [result] = await head.run(values, stream.dims, batch.ids, named);
    return result!.values;
  }

  /**
   * What the head makes of states of the stream, each as if it stood at a token of its own.
   * @param states each [width of the stream]
   * @returns [states × vocabulary] logits
   */
  async logitsOfStates(
    states: readonly Float64Array[],
    { prompt, stream }: StreamTrace,
  ): Promise<Float32Array> {
    const width = states[0]?.length ?? 0;
    const together = stream.values.length / width;
    const logits = new Float32Array(states.length * this.vocabulary);
    for (let first = 0; first < states.length; first += together) {
      const chosen = states.slice(first, first + together);
      const given = new Float32Array(stream.values.length);
      chosen.forEach((state, at) => given.set(state, at * width));
      const answer = await this.logitsOf({ prompt, stream }, given);
      if (answer.length === together * this.vocabulary) {
        logits.set(answer.subarray(0, chosen.length * this.vocabulary), first * this.vocabulary);
        continue;
      }
      // A head that gives logits of the last token alone.
      for (const [at, state] of chosen.entries()) {
        given.set(state, given.length - width);
        logits.set(await this.logitsOf({ prompt, stream }, given), (first + at) * this.vocabulary);
      }
    }
    return logits;
  }

  /** The final norm, if a norm or nothing is all that stands before the unembedding; null otherwise. */
  finalNorm(): Promise<FeatureMap | null> {
    return this.mapBetween(this.head.stream, this.head.normed.name);
  }

  /** By what the final norm scales at a token of a run; 1 where it is none. */
  async finalScale({ stream, normed }: StreamTrace, token: number): Promise<number> {
    const norm = await this.finalNorm();
    if (!norm) return 1;
    return scaleAt(norm, stateOf(stream.values, token, this.width), stateOf(normed, token, this.width));
  }

  /** The norm between an FFN and the stream; null where what stands there is none. */
  normOf({ beforeNorm, tensor }: StreamPart): Promise<FeatureMap | null> {
    return beforeNorm === null
      ? Promise.resolve(null)
      : this.mapBetween({ kind: 'tensor', tensor: beforeNorm }, tensor);
  }

  /** The matrix onto the vocabulary. */
  unembedding(): Promise<Unembedding> {
    const { normed, scores } = this.head;
    return (this.projection ??= this.headSegment({ kind: 'tensor', tensor: normed.name }, scores).then(
      (segment) => new Unembedding(segment, this.width, this.vocabulary),
    ));
  }

  /** [neurons × width] What each neuron at 1 adds to the stream, or to what a norm before it reads; null if it cannot be read. */
  written(located: LocatedSite): Promise<Float32Array | null> {
    const part = this.partOf(located);
    const to = part ? (part.beforeNorm ?? part.tensor) : undefined;
    const { modelPackage, analysed } = this.whole;
    const known = this.weights.get(located) ?? outputWeights(modelPackage, analysed, located, to);
    this.weights.set(located, known);
    return known;
  }

  /** Where a site's output joins the stream; null where the stream cannot be taken apart. */
  partOf(located: LocatedSite): StreamPart | null {
    return this.knownParts().find(({ site }) => site === located) ?? null;
  }

  /**
   * What the stream gains at a token when a layer writes a vector more, through a norm between the two, which then scales
   * by another number. Where the stream cannot be taken apart, the vector itself.
   */
  async joinedAt(
    located: LocatedSite,
    trace: StreamTrace,
    token: number,
    added: Float64Array,
  ): Promise<Float64Array> {
    const traced = trace.parts.find(({ part }) => part.site === located);
    if (!traced) return added;
    const { part, values, beforeNorm } = traced;
    const norm = await this.normOf(part);
    if (!norm || !beforeNorm) return added.map((value) => value * part.factor);
    const before = stateOf(beforeNorm, token, added.length);
    const given = stateOf(values, token, added.length);
    const after = before.map((value, at) => value + added[at]!);
    const scale = (scaleAt(norm, before, given) * deviation(norm, before)) / deviation(norm, after);
    return applyMap(norm, after, scale).map((value, at) => (value - given[at]!) * part.factor);
  }

  async dispose(): Promise<void> {
    const opened = this.opened.splice(0);
    await Promise.all([this.sessions, ...opened].map((one) => one.dispose()));
  }

  private knownParts(): readonly StreamPart[] {
    return 'parts' in this.parts ? this.parts.parts : [];
  }

  /** In the order in which `trace` takes them. */
  private partTensors(): string[] {
    return this.knownParts().flatMap(({ tensor, beforeNorm }) =>
      beforeNorm === null ? [tensor] : [tensor, beforeNorm],
    );
  }

  private openWhole(): Promise<StackSession> {
    const { modelPackage, analysed } = this.whole;
    const { file, weights } = analysed;
    const runnable = { bytes: this.exposed.bytes, path: file.path, weightFolder: weights.folder };
    const settings = this.threads === undefined ? {} : { threads: this.threads };
    return StackSession.open(runnable, modelPackage, settings);
  }

  /** A piece that holds the matrix onto the vocabulary. */
  private headSegment(from: StreamEnd, to: string): Promise<OpenSegment> {
    const matrix = Math.min(4 * this.width * this.vocabulary, fileBytes(this.whole));
    requireMemory(this.whole, 'The head of', matrix);
    return this.segment(from, to);
  }

  private async segment(from: StreamEnd, to: string): Promise<OpenSegment> {
    const { modelPackage, analysed } = this.whole;
    const segment = await openSegment(modelPackage, analysed, from, [to], this.threads);
    this.opened.push(segment);
    return segment;
  }

  private mapBetween(from: StreamEnd, to: string): Promise<FeatureMap | null> {
    const known = this.norms.get(to) ?? this.readMapBetween(from, to);
    this.norms.set(to, known);
    return known;
  }

  private async readMapBetween(from: StreamEnd, to: string): Promise<FeatureMap | null> {
    const segment = await this.segment(from, to);
    const probes = mapProbes(this.width);
    const rows = probes.length / this.width;
    const isHalf = /16/.test(this.whole.modelPackage.dtype);
    for (const dims of [
      [1, rows, this.width],
      [rows, this.width],
    ]) {
      const answer = await segment.run(probes, dims).catch(() => null);
      if (answer) return readMap(answer[0]!.values, this.width, isHalf);
    }
    return null;
  }

  private requireSame(alone: Float32Array, logits: Float32Array): number {
    const { difference, allowed } = headTolerance(alone, logits, this.whole.modelPackage.dtype);
    if (difference <= allowed) return difference;
    throw new LensError(
      'internal',
      `The head of ${this.whole.modelPackage.id}, run alone, differs from the model's logits by ` +
        `${difference.toExponential(1)}: no effect is shown, as it would not be this model's. Choose another export of it.`,
    );
  }
}

/** What a vector that a part writes adds to the stream, less what is added without it, where a norm between scales by `scale`. */
export function partAdded(
  { beforeNorm, factor }: StreamPart,
  norm: FeatureMap | null,
  added: Float64Array,
  scale: number,
): Float64Array | null {
  if (beforeNorm === null) return added.map((value) => value * factor);
  if (!norm) return null;
  return applyMap(norm, added, scale).map((value, at) => (value - norm.bias[at]!) * factor);
}

/** The features of one token. */
export function stateOf(values: Float32Array, token: number, width: number): Float64Array {
  return Float64Array.from(values.subarray(token * width, (token + 1) * width));
}

/** Whether what a model writes next is predicted at every token. */
export function isCausalModel(whole: WholeModel): boolean {
  const { analysed, modelPackage, part } = whole;
  return hasDecoder(whole) || isCausal(analysed.analysis.index, modelPackage.config, part);
}

/** The tokens that effects are averaged over: in causal models all but the first, which much of attention sinks to. */
export function countedTokens({ whole }: HeadModel, { prompt }: StreamTrace): number[] {
  const tokens = [...prompt.ids.keys()];
  return isCausalModel(whole) && tokens.length > 1 ? tokens.slice(1) : tokens;
}
