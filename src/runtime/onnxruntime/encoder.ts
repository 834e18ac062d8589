import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { LensError } from '../../core/common/errors';
import type { TokenBatch } from '../../core/pipeline/ports';
import { readFile } from 'node:fs/promises';
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
    const session = await openSession(await readFile(file.path), file.path, settings);
    return new Encoder(session, modelPackage);
  }

  /** @returns what the decoder takes of it: hidden states [B, T, d] */
  async run(batch: TokenBatch, named: NamedArrays): Promise<Map<string, Tensor>> {
    const { session } = this;
    const feeds = makeFeeds(session, batch, this.modelPackage.config, givenTensors(session, named, false));
    const output = session.outputNames.find((name) => /last_hidden_state|hidden/.test(name));
    const results = await session.run(feeds, [output ?? session.outputNames[0] ?? '']);
    return new Map(Object.values(results).map((hidden) => ['encoder_hidden_states', hidden]));
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}
