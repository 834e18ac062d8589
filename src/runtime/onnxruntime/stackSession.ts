import type { Tensor } from 'onnxruntime-node';
import { LensError } from '../../core/common/errors';
import { GraphIndex } from '../../core/onnx/graph/graphIndex';
import { findLookups } from '../../core/onnx/lookups';
import { GraphEditor } from '../../core/onnx/surgery/graphEditor';
import type { TokenBatch } from '../../core/onnx/activationModel';
import { loadModel } from '../models/modelBytes';
import type { ModelFile } from '../models/modelFiles';
import type { ModelPackage } from '../models/modelPackage';
import { zeroTensor, type InputMetadata } from './elements';
import { LOGITS_KEPT, makeFeeds } from './feeds';
import { fittedBatch, fixedShapeOf, type FixedShape } from './fixedShape';
import type { InferenceSession } from './library';
import { batchOf, givenTensors, type NamedArrays } from './namedInputs';
import { onnxruntimeReason, openSession, type SessionSettings } from './session';

const EMBEDDINGS = 'inputs_embeds';
export const ENCODER_STATES = 'encoder_hidden_states';
/** What a decoder reads of its encoder: states and their mask, or what its first pass kept of them. */
const OF_ENCODER = /^encoder_hidden_states$|^encoder_attention_mask$|past.*\.encoder\./;

/** A file of a model as it is to be run. */
export interface RunnableFile {
  /** As it stands in the model, or edited. */
  readonly bytes: Uint8Array;
  readonly path: string;
  /** Folder of the files that hold its weights; its own where absent. */
  readonly weightFolder?: string;
}

/** Another file of a model, whose outputs are inputs of a stack. */
interface Supplier {
  readonly session: StackSession;
  /** Names of the stack's inputs and of the outputs that fill them. */
  readonly fills: readonly (readonly [input: string, output: string])[];
  /** Rows of the token embedding that it holds, null where it holds none. */
  readonly vocabulary: number | null;
}

/**
 * One stack of a model, open in onnxruntime with all that it is fed for a batch of tokens: ids, masks, positions and
 * empty caches, and what other files of the model make of the tokens: their embeddings and the states of an encoder.
 */
export class StackSession {
  /** Of the stack and of what feeds it. */
  readonly inputs: readonly InputMetadata[];
  /** Rows of every batch and tokens of every row, where the inputs fix them. */
  readonly fixed: FixedShape;

  private constructor(
    private readonly session: InferenceSession,
    private readonly modelPackage: ModelPackage,
    private readonly path: string,
    private readonly embedding: Supplier | null,
    private readonly encoder: Supplier | null,
  ) {
    const own = session.inputMetadata.filter((input) => input.isTensor);
    this.inputs = [embedding, encoder].reduce<readonly InputMetadata[]>(
      (inputs, supplier) => [...inputs, ...(supplier?.session.inputs ?? [])],
      own,
    );
    this.fixed = fixedShapeOf(this.inputs);
  }

  /**
   * @param encoded whether every run is given what an encoder made of a text, so that none is opened
   * @throws LensError `unsupported-model` when onnxruntime refuses it, or a file that it reads from is missing
   */
  static async open(
    { bytes, path, weightFolder }: RunnableFile,
    modelPackage: ModelPackage,
    settings: SessionSettings,
    encoded = false,
  ): Promise<StackSession> {
    const session = await openSession(bytes, path, {
      ...settings,
      ...(weightFolder !== undefined && { weightFolder }),
    });
    try {
      const embedding = await embeddingSupplier(session, modelPackage, settings);
      const encoder = encoded ? null : await encoderSupplier(session, modelPackage, settings);
      return new StackSession(session, modelPackage, path, embedding, encoder);
    } catch (thrown) {
      await session.release();
      throw thrown;
    }
  }

  get outputNames(): readonly string[] {
    return this.session.outputNames;
  }

  /** Dimensions of an output, null where the graph does not tell. */
  rankOf(output: string): number | null {
    const metadata = this.session.outputMetadata.find(({ name }) => name === output);
    return metadata?.isTensor ? metadata.shape.length : null;
  }

  /** Rows of the smallest token embedding among what feeds the stack; null where none is there. */
  get suppliedVocabulary(): number | null {
    const sizes = [this.embedding, this.encoder].flatMap((supplier) => supplier?.vocabulary ?? []);
    return sizes.length === 0 ? null : Math.min(...sizes);
  }

  /** The batch, or where the inputs fix its shape, one of that shape which begins with it. */
  fitted(batch: TokenBatch): TokenBatch {
    return fittedBatch(batch, this.fixed);
  }

  /** Whether the stack is a decoder with an encoder before it. */
  get readsEncoder(): boolean {
    return this.session.inputNames.some((name) => OF_ENCODER.test(name));
  }

  /** Where the file gives its output at the last token alone unless told otherwise: what tells it to give all. */
  get atEveryToken(): ReadonlyMap<string, Tensor> {
    const kept = this.inputs.filter(({ name }) => LOGITS_KEPT.test(name));
    return new Map(
      kept.map((input) => [
        input.name,
        zeroTensor(
          input,
          input.shape.map(() => 1),
        ),
      ]),
    );
  }

  /**
   * Runs the stack over a batch, which is of the shape that `fitted` gives.
   * @param named inputs that are given by name; what is missing is made of the batch
   * @param fetches the outputs that are wanted, each with the memory that it is to be written to, or null
   * @param tensors inputs of the stack's own that are ready as they are
   * @param past tokens before those of the batch, whose caches are among the tensors
   * @throws LensError `unsupported-model` with onnxruntime's reason
   */
  async run(
    batch: TokenBatch,
    named: NamedArrays = new Map(),
    fetches: Readonly<Record<string, Tensor | null>> = all(this.session.outputNames),
    tensors: ReadonlyMap<string, Tensor> = new Map(),
    past = 0,
  ): Promise<Readonly<Record<string, Tensor>>> {
    const given = new Map([...givenTensors(this.session, named, this.readsEncoder), ...tensors]);
    if (this.embedding && !given.has(EMBEDDINGS)) await supply(this.embedding, batch, new Map(), given);
    if (this.encoder && !given.has(ENCODER_STATES)) {
      const text = named.size === 0 ? batch : batchOf(named, false);
      await supply(this.encoder, text, named, given);
    }
    const feeds = makeFeeds(this.session, batch, this.modelPackage.config, given, past);
    try {
      return await this.session.run(feeds, fetches);
    } catch (cause) {
      throw new LensError(
        'unsupported-model',
        `onnxruntime cannot run ${this.path} on ${batch.rows} × ${batch.width} tokens: ${onnxruntimeReason(cause)}`,
        { cause },
      );
    }
  }

  async dispose(): Promise<void> {
    await this.embedding?.session.dispose();
    await this.encoder?.session.dispose();
    await this.session.release();
  }
}

function all(names: readonly string[]): Record<string, null> {
  return Object.fromEntries(names.map((name) => [name, null]));
}

async function supply(
  { session, fills }: Supplier,
  batch: TokenBatch,
  named: NamedArrays,
  into: Map<string, Tensor>,
): Promise<void> {
  const outputs = await session.run(batch, named);
  for (const [input, output] of fills) into.set(input, outputs[output]!);
}

async function embeddingSupplier(
  { inputNames }: InferenceSession,
  modelPackage: ModelPackage,
  settings: SessionSettings,
): Promise<Supplier | null> {
  if (!inputNames.includes(EMBEDDINGS) || inputNames.includes('input_ids')) return null;
  const file = modelPackage.embedding ?? missing(modelPackage, 'embeddings', 'embed_tokens.onnx');
  return openSupplier(file, { ...modelPackage, embedding: null }, settings, (outputs) =>
    outputs.length === 1
      ? [[EMBEDDINGS, outputs[0]!]]
      : outputs.filter((name) => inputNames.includes(name)).map((name) => [name, name]),
  );
}

async function encoderSupplier(
  { inputNames }: InferenceSession,
  modelPackage: ModelPackage,
  settings: SessionSettings,
): Promise<Supplier | null> {
  if (!inputNames.includes(ENCODER_STATES)) return null;
  const file =
    modelPackage.parts.get('encoder') ??
    missing(modelPackage, 'what an encoder makes of a text', 'encoder_model.onnx');
  return openSupplier(file, { ...modelPackage, parts: new Map() }, settings, (outputs) => [
    [ENCODER_STATES, statesOf(outputs)],
  ]);
}

/** The output of an encoder that a decoder reads. */
export function statesOf(outputs: readonly string[]): string {
  return outputs.find((name) => name.includes('hidden')) ?? outputs[0]!;
}

/** Opens a file so that it computes what a stack takes of it, and nothing else. */
async function openSupplier(
  { path }: ModelFile,
  modelPackage: ModelPackage,
  settings: SessionSettings,
  choose: (outputs: readonly string[]) => Supplier['fills'],
): Promise<Supplier> {
  const { model, weights } = await loadModel(path);
  const index = new GraphIndex(model);
  const fills = choose(index.graph.outputs.map(({ name }) => name));
  const vocabulary = findLookups(index).tokens;
  const bytes = new GraphEditor(index).write(
    fills.map(([, output]) => output),
    weights.renamed,
  );
  const file = { bytes, path, weightFolder: weights.folder };
  return { session: await StackSession.open(file, modelPackage, settings), fills, vocabulary };
}

function missing({ id }: ModelPackage, what: string, file: string): never {
  throw new LensError(
    'unsupported-model',
    `${id} reads ${what}, and no ${file} lies beside it. Give the folder that holds both.`,
  );
}
