import path from 'node:path';
import type { SelfTest } from '../../core/common/selfTest';
import type { FfnSite, Quantity } from '../../core/onnx/site';
import type { Routing } from '../../core/onnx/ffn/routing';
import { exposedNames, routingTensor, type ExposedTensors } from '../../core/onnx/surgery/expose';
import type { ActivationModel, SiteActivations, TokenBatch } from '../../core/onnx/activationModel';
import type { ModelPackage } from '../models/modelPackage';
import type { Batching } from './batching';
import { isCausal } from './causality';
import { rowsOfExpert, tensorValues } from './expertRows';
import { cutToBatch } from './fixedShape';
import { Tensor } from './library';
import { batchOf, type NamedArrays } from './namedInputs';
import type { AnalysedPart, WantedOutput } from './analysedPart';
import type { OutputBuffers } from './outputBuffers';
import { runInPlace } from './runInPlace';
import type { StackLimits } from './stackLimits';
import type { StackSession } from './stackSession';
import { inSequences, requireRowForEachToken, tensorLayout, type TensorLayout } from './tensorLayout';

interface Opened {
  readonly modelPackage: ModelPackage;
  readonly analysed: AnalysedPart;
  readonly selfTest: SelfTest | null;
  readonly wanted: readonly WantedOutput[];
  readonly exposed: ExposedTensors;
  readonly session: StackSession;
  readonly buffers: OutputBuffers;
  readonly limits: StackLimits;
  readonly batching: Batching;
}

/** Activations with the number of sequences that they come from: images may be fewer than texts. */
export interface BatchActivations extends SiteActivations {
  readonly rows: number;
}

/** A tensor that every run gives, and what it takes to read it. */
interface ExposedTensor {
  readonly name: string;
  readonly site: FfnSite;
  readonly quantity: Quantity;
  /** Of an expert, else null; `router` is the output that ties its rows to tokens, null where none does. */
  readonly sent: {
    readonly routing: Routing;
    readonly expert: number;
    readonly router: string | null;
  } | null;
}

/**
 * A model whose graph was cut behind its last wanted FFN and gives the neurons' values as outputs. It keeps nothing of
 * the graph: every node and name of it would hold the whole file's bytes in memory beside the session's.
 */
export class OnnxActivationModel implements ActivationModel {
  readonly outputs: readonly { readonly site: FfnSite; readonly quantity: Quantity }[];
  readonly sites: readonly FfnSite[];
  readonly causal: boolean;
  readonly maximumLength: number;
  readonly maximumRows: number;
  readonly equalLengths: boolean;
  readonly batching: Batching;
  /** Every id must be below; null where nothing tells. */
  readonly vocabularySize: number | null;
  readonly identity: ActivationModel['identity'];
  /** Null where none was asked for. */
  readonly selfTest: SelfTest | null;
  /** Outputs whose size was seen to be tokens × neurons, so that their memory can be laid ready. */
  private readonly predictable = new Set<string>();
  private readonly tensors: readonly ExposedTensor[];
  private readonly session: StackSession;
  private readonly buffers: OutputBuffers;
  /** Name of the output by which a run gives nothing back (runInPlace.ts); null where the graph has none. */
  private readonly sequence: string | null;
  /** The outputs of the session that a run gives, but for that one. */
  private readonly names: readonly string[];

  constructor(opened: Opened) {
    const { analysed, modelPackage, wanted } = opened;
    const { index, sites } = analysed.analysis;
    this.session = opened.session;
    this.buffers = opened.buffers;
    this.sequence = opened.exposed.sequence;
    this.names = exposedNames(opened.exposed).filter((name) => name !== this.sequence);
    this.tensors = wanted.map((output, slot) => exposedTensor(output, slot, opened.exposed));
    this.outputs = this.tensors.map(({ site, quantity }) => ({ site, quantity }));
    this.sites = sites.map(({ site }) => site);
    this.causal = isCausal(index, modelPackage.config, wanted[0]?.located.site.part ?? 'model');
    this.batching = opened.batching;
    this.equalLengths = opened.batching.equalLengths !== null;
    const supplied = this.session.suppliedVocabulary;
    this.vocabularySize = supplied ?? opened.limits.vocabulary;
    this.maximumLength = Math.min(opened.limits.length, this.session.fixed.length ?? Infinity);
    const most = this.session.fixed.rows ?? Number.MAX_SAFE_INTEGER;
    this.maximumRows = opened.batching.alone === null ? most : 1;
    this.selfTest = opened.selfTest;
    this.identity = {
      id: modelPackage.id,
      file: path.relative(modelPackage.folder, analysed.file.path).replaceAll(path.sep, '/'),
      sha256: analysed.sha256,
      dtype: modelPackage.dtype,
      opset: index.opset,
    };
  }

  async run(batch: TokenBatch): Promise<readonly SiteActivations[]> {
    const activations = await this.runInputs(batch, new Map());
    activations.forEach(({ site, values, positions }) => {
      if (positions === null) requireRowForEachToken(values, site, batch);
    });
    return activations;
  }

  /**
   * Runs inputs given by name; what the model wants beside them is filled as for any text. The rows of a text come
   * sequence by sequence; those of what is no text, such as an image, as the graph holds them.
   * @param batch the tokens that the stack itself reads
   */
  async runInputs(batch: TokenBatch, named: NamedArrays): Promise<readonly BatchActivations[]> {
    return (await this.runBeside(batch, named)).activations;
  }

  /** As `runInputs`, with all outputs of the run by name: those that were asked for beside the activations are among them. */
  async runBeside(
    batch: TokenBatch,
    named: NamedArrays,
    tensors: ReadonlyMap<string, Tensor> = new Map(),
  ): Promise<{
    readonly activations: readonly BatchActivations[];
    readonly outputs: Readonly<Record<string, Tensor>>;
  }> {
    const fitted = named.size === 0 ? this.session.fitted(batch) : batch;
    const isWhole = fitted === batch && named.size === 0;
    const results = await this.outputsOf(fitted, named, isWhole, tensors);
    const activations: BatchActivations[] = [];
    for (const { name, site, quantity, sent } of this.tensors) {
      const tensor = results[name]!;
      this.learn(name, tensor, site.dFf, fitted);
      const found = sent
        ? { ...this.rowsSent(tensor, site, sent, results, fitted), rows: fitted.rows }
        : { ...(await this.rowsOfTokens(name, tensor, site, fitted)), positions: null };
      const all = { site, quantity, ...found };
      activations.push(fitted === batch ? all : cutToBatch(all, fitted, batch));
    }
    return { activations, outputs: results };
  }

  /** As `runInputs`, on the tokens that are among the inputs. */
  runNamed(named: NamedArrays): Promise<readonly BatchActivations[]> {
    return this.runInputs(batchOf(named, this.session.readsEncoder), named);
  }

  /** The values at every token, sequence by sequence. */
  private async rowsOfTokens(
    name: string,
    tensor: Tensor,
    { dFf }: FfnSite,
    batch: TokenBatch,
  ): Promise<Pick<BatchActivations, 'values' | 'rows'>> {
    const values = neuronsLast(tensor, dFf);
    if (values.length !== batch.rows * batch.width * dFf) {
      return { values, rows: tensor.dims.length > 2 ? (tensor.dims[0] ?? batch.rows) : batch.rows };
    }
    const layout = await this.layoutOf(name, tensor, batch);
    return { values: inSequences(values, layout, dFf, batch), rows: batch.rows };
  }

  /** The values at the tokens that were sent to an expert. */
  private rowsSent(
    tensor: Tensor,
    { dFf }: FfnSite,
    { routing, expert, router }: NonNullable<ExposedTensor['sent']>,
    results: Readonly<Record<string, Tensor>>,
    batch: TokenBatch,
  ): Pick<BatchActivations, 'values' | 'positions'> {
    const numbers = router === null ? null : tensorValues(results[router]!);
    return rowsOfExpert(routing, expert, neuronsLast(tensor, dFf), dFf, numbers, batch.rows * batch.width);
  }

  /** How an output holds its tokens; where a square batch does not tell, two tokens of one row are run to see. */
  private async layoutOf(name: string, { dims }: Tensor, batch: TokenBatch): Promise<TensorLayout> {
    const seen = this.predictable.has(name) ? 'sequences' : tensorLayout(dims, batch);
    if (seen) return seen;
    const pair = { rows: 1, width: 2, ids: batch.ids.slice(0, 2), lengths: Uint32Array.of(2) };
    const [first] = (await this.session.run(pair, new Map(), { [name]: null }))[name]!.dims;
    return first === 2 ? 'positions' : 'sequences';
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }

  /**
   * The tensors of a run by name: those whose memory was laid ready as they were laid, no copies of them.
   * @param isWhole whether all that is run is wanted, and is as large as the batch says: memory is laid ready for that
   */
  private async outputsOf(
    batch: TokenBatch,
    named: NamedArrays,
    isWhole: boolean,
    tensors: ReadonlyMap<string, Tensor>,
  ): Promise<Readonly<Record<string, Tensor>>> {
    const laid = isWhole ? this.layOutputs(batch) : {};
    const { names } = this;
    if (this.sequence !== null && names.every((name) => name in laid)) {
      await runInPlace((fetches) => this.session.run(batch, named, fetches, tensors), laid, this.sequence);
      return laid;
    }
    const fetches = Object.fromEntries(names.map((name) => [name, laid[name] ?? null]));
    return { ...(await this.session.run(batch, named, fetches, tensors)), ...laid };
  }

  /** Tensors with memory laid ready, for the outputs whose size is known beforehand. */
  private layOutputs(batch: TokenBatch): Record<string, Tensor> {
    const laid: Record<string, Tensor> = {};
    this.tensors.forEach(({ name, site: { dFf } }, slot) => {
      if (!this.predictable.has(name) || name in laid) return;
      const rank = this.session.rankOf(name);
      const dims = rank === 2 ? [batch.rows * batch.width, dFf] : [batch.rows, batch.width, dFf];
      laid[name] = new Tensor('float32', this.buffers.take(slot, batch.rows * batch.width * dFf), dims);
    });
    return laid;
  }

  private learn(name: string, { dims }: Tensor, dFf: number, { rows, width }: TokenBatch): void {
    if (dims.at(-1) !== dFf || rows === width) return;
    const flat = dims.length === 2 && dims[0] === rows * width && rows * width > 1;
    if (flat || (dims.length === 3 && dims[0] === rows && dims[1] === width)) this.predictable.add(name);
  }
}

function exposedTensor(
  { located: { site, source }, quantity }: WantedOutput,
  slot: number,
  { outputs, routing }: ExposedTensors,
): ExposedTensor {
  const router = routing.get(routingTensor(source) ?? '') ?? null;
  const sent = source.routing && { routing: source.routing, expert: source.address.expert ?? 0, router };
  return { name: outputs[slot] ?? '', site, quantity, sent };
}

/** The values with the neurons on the last axis; a tensor that has them on another one is copied. */
function neuronsLast({ data, dims }: Tensor, dFf: number): Float32Array {
  const values = data as Float32Array;
  if (dims.at(-1) === dFf || !dims.includes(dFf)) return values;
  const axis = dims.lastIndexOf(dFf);
  const inner = dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outer = values.length / (inner * dFf);
  const turned = new Float32Array(values.length);
  for (let block = 0; block < outer; block++) {
    for (let neuron = 0; neuron < dFf; neuron++) {
      for (let at = 0; at < inner; at++) {
        turned[(block * inner + at) * dFf + neuron] = values[(block * dFf + neuron) * inner + at] ?? 0;
      }
    }
  }
  return turned;
}
