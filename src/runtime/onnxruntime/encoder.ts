import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { LensError } from '../../core/common/errors';
import type { TokenBatch } from '../../core/pipeline/ports';
import { GraphIndex } from '../../core/onnx/graph/graphIndex';
import { makeOutput, writeModel } from '../../core/onnx/protobuf/writeModel';
import { prune } from '../../core/onnx/surgery/prune';
import { relocateWeights } from '../../core/onnx/surgery/relocateWeights';
import { loadModel } from '../models/modelBytes';
import type { ModelPackage } from '../models/modelPackage';
import { makeFeeds } from './feeds';
import { givenTensors, type NamedArrays } from './namedInputs';
import { openSession, type SessionSettings } from './session';

/** The whole encoder of a model whose decoder is looked at: the decoder reads what it makes of the text. */
export class Encoder {
  private constructor(
    private readonly session: InferenceSession,
    private readonly modelPackage: ModelPackage,
  ) {}

  /** @returns null for a decoder that reads no encoder. @throws LensError when the encoder's file is missing */
  static async for(
    decoder: InferenceSession,
    modelPackage: ModelPackage,
    settings: SessionSettings,
  ): Promise<Encoder | null> {
    if (!decoder.inputNames.includes('encoder_hidden_states')) return null;
    const file = modelPackage.parts.get('encoder');
    if (!file) {
      throw new LensError(
        'unsupported-model',
        `${modelPackage.id} is a decoder that reads an encoder, and no encoder_model.onnx lies beside it. ` +
          'Give the folder that holds both.',
      );
    }
    const { model, weights } = await loadModel(file.path);
    const index = new GraphIndex(model);
    const outputs = index.graph.outputs.map(({ name }) => name);
    const hidden = outputs.find((name) => name.includes('hidden')) ?? outputs[0] ?? '';
    const graph = prune(index, { nodes: [], initializers: new Map() }, [makeOutput(hidden)]);
    const bytes = writeModel(index.model, relocateWeights(graph, weights.renamed));
    const session = await openSession(bytes, file.path, { ...settings, weightFolder: weights.folder });
    return new Encoder(session, modelPackage);
  }

  /** @returns what the decoder takes of it: hidden states [B, T, d] */
  async run(batch: TokenBatch, named: NamedArrays): Promise<Map<string, Tensor>> {
    const { session } = this;
    const feeds = makeFeeds(session, batch, this.modelPackage.config, givenTensors(session, named, false));
    const results = await session.run(feeds, session.outputNames);
    return new Map(Object.values(results).map((hidden) => ['encoder_hidden_states', hidden]));
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}
