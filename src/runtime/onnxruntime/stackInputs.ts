import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { LensError } from '../../core/common/errors';
import { GraphIndex } from '../../core/onnx/graph/graphIndex';
import { makeOutput, writeModel } from '../../core/onnx/protobuf/writeModel';
import { prune } from '../../core/onnx/surgery/prune';
import { relocateWeights } from '../../core/onnx/surgery/relocateWeights';
import type { TokenBatch } from '../../core/onnx/activationModel';
import { loadModel } from '../models/modelBytes';
import type { ModelFile } from '../models/modelFiles';
import type { ModelPackage } from '../models/modelPackage';
import { makeFeeds, type Feeds } from './feeds';
import { batchOf, givenTensors, type NamedArrays } from './namedInputs';
import { openSession, type SessionSettings } from './session';

const EMBEDDINGS = 'inputs_embeds';
const ENCODER_STATES = 'encoder_hidden_states';

/**
 * What one stack of a model is fed for a batch of tokens: ids, masks, positions and empty caches, and what other files
 * of the model make of the tokens: their embeddings and the states of an encoder.
 */
export class StackInputs {
  private constructor(
    private readonly session: InferenceSession,
    private readonly modelPackage: ModelPackage,
    private readonly embedding: Supplier | null,
    private readonly encoder: Supplier | null,
  ) {}

  /** @throws LensError `unsupported-model` when a file that the stack reads from is missing */
  static async for(
    session: InferenceSession,
    modelPackage: ModelPackage,
    settings: SessionSettings,
  ): Promise<StackInputs> {
    const wants = (name: string): boolean => session.inputNames.includes(name);
    let embedding: Supplier | null = null;
    let encoder: Supplier | null = null;
    if (wants(EMBEDDINGS) && !wants('input_ids')) {
      const file = modelPackage.embedding ?? missing(modelPackage, 'embeddings', 'embed_tokens.onnx');
      embedding = await openSupplier(file, { ...modelPackage, embedding: null }, settings, (outputs) =>
        outputs.length === 1
          ? [[EMBEDDINGS, outputs[0]!]]
          : outputs.filter(wants).map((name) => [name, name]),
      );
    }
    if (wants(ENCODER_STATES)) {
      const file =
        modelPackage.parts.get('encoder') ??
        missing(modelPackage, 'what an encoder makes of a text', 'encoder_model.onnx');
      encoder = await openSupplier(file, { ...modelPackage, parts: new Map() }, settings, (outputs) => [
        [ENCODER_STATES, outputs.find((name) => name.includes('hidden')) ?? outputs[0]!],
      ]);
    }
    return new StackInputs(session, modelPackage, embedding, encoder);
  }

  /** Whether the stack is a decoder with an encoder before it. */
  get readsEncoder(): boolean {
    return this.encoder !== null;
  }

  /**
   * @param batch the tokens that the stack itself reads
   * @param named inputs that are given by name; what is missing is made of the batch
   */
  async feeds(batch: TokenBatch, named: NamedArrays): Promise<Feeds> {
    const given = givenTensors(this.session, named, this.readsEncoder);
    if (this.embedding && !given.has(EMBEDDINGS)) {
      for (const [name, tensor] of await this.embedding.run(batch, new Map())) given.set(name, tensor);
    }
    if (this.encoder && !given.has(ENCODER_STATES)) {
      const text = named.size === 0 ? batch : batchOf(named, false);
      for (const [name, tensor] of await this.encoder.run(text, named)) given.set(name, tensor);
    }
    return makeFeeds(this.session, batch, this.modelPackage.config, given);
  }

  async dispose(): Promise<void> {
    await this.embedding?.dispose();
    await this.encoder?.dispose();
  }
}

/** Another file of a model, whose outputs are inputs of a stack. */
class Supplier {
  constructor(
    private readonly session: InferenceSession,
    private readonly inputs: StackInputs,
    /** Names of the stack's inputs and of the outputs that fill them. */
    private readonly fills: readonly (readonly [input: string, output: string])[],
  ) {}

  async run(batch: TokenBatch, named: NamedArrays): Promise<Map<string, Tensor>> {
    const results = await this.session.run(await this.inputs.feeds(batch, named), this.session.outputNames);
    return new Map(this.fills.map(([input, output]) => [input, results[output]!]));
  }

  async dispose(): Promise<void> {
    await this.inputs.dispose();
    await this.session.release();
  }
}

/** Opens a file so that it computes what a stack takes of it, and nothing else. */
async function openSupplier(
  file: ModelFile,
  modelPackage: ModelPackage,
  settings: SessionSettings,
  choose: (outputs: readonly string[]) => readonly (readonly [input: string, output: string])[],
): Promise<Supplier> {
  const { model, weights } = await loadModel(file.path);
  const index = new GraphIndex(model);
  const fills = choose(index.graph.outputs.map(({ name }) => name));
  const outputs = fills.map(([, output]) => makeOutput(output));
  const graph = prune(index, { nodes: [], initializers: new Map() }, outputs);
  const bytes = writeModel(index.model, relocateWeights(graph, weights.renamed));
  const session = await openSession(bytes, file.path, { ...settings, weightFolder: weights.folder });
  return new Supplier(session, await StackInputs.for(session, modelPackage, settings), fills);
}

function missing({ id }: ModelPackage, what: string, file: string): never {
  throw new LensError(
    'unsupported-model',
    `${id} reads ${what}, and no ${file} lies beside it. Give the folder that holds both.`,
  );
}
