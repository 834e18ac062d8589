import type { Part } from '../../core/common/neuronAddress';
import type { Quantity } from '../../core/onnx/site';
import type { Tokenizer } from '../../core/text/tokenizer';
import { requireTokenizer, resolveModelPackage, type ModelPackage } from '../models/modelPackage';
import type { OnnxActivationModel } from '../onnxruntime/onnxActivationModel';
import { openActivationModel, type ActivationModelOptions } from '../onnxruntime/openActivationModel';
import type { SelfTestOptions } from '../onnxruntime/rememberedSelfTest';
import type { OutputBuffers } from '../onnxruntime/outputBuffers';
import { openTokenizer } from '../tokenizers/openTokenizer';
import { fittingTokenizer } from './fittingTokenizer';

/** Which model, and which of its neurons. */
export interface ModelRequest {
  /** `MODEL` of docs/cli.md. */
  readonly model: string;
  readonly dtype?: string;
  readonly part?: Part;
  readonly layers?: readonly [number, number];
  readonly quantity: readonly Quantity[];
  readonly threads?: number;
  /** As in `ActivationModelOptions`. */
  readonly shuffled?: number;
  /** As in `ActivationModelOptions`. */
  readonly selfTest?: SelfTestOptions;
  readonly batches?: ActivationModelOptions['batches'];
  /** Folder of the model that `default` stands for. */
  readonly embeddedModel: string;
}

/** A model that is ready to run on text. */
export interface OpenModel {
  readonly modelPackage: ModelPackage;
  readonly tokenizer: Tokenizer;
  readonly model: OnnxActivationModel;
}

/**
 * Finds the model's files, opens its tokenizer, and exposes its neurons.
 * @param buffers where the model writes activations; ordinary memory unless given.
 * @throws LensError where a file is missing, is no model, has no FFN, or where the tokenizer is another model's
 */
export async function openModel(request: ModelRequest, buffers?: OutputBuffers): Promise<OpenModel> {
  const { model: spec, dtype, part, layers, quantity, threads, embeddedModel } = request;
  const { selfTest, batches, shuffled } = request;
  const modelPackage = await resolveModelPackage(spec, {
    embeddedModel,
    ...(dtype !== undefined && { dtype }),
    ...(part !== undefined && { part }),
  });
  const tokenizer = await openTokenizer(requireTokenizer(modelPackage));
  const model = await openActivationModel(modelPackage, {
    quantities: [...quantity],
    onlyText: true,
    ...(part !== undefined && { part }),
    ...(layers !== undefined && { layers: [...layers] }),
    ...(threads !== undefined && { threads }),
    ...(shuffled !== undefined && { shuffled }),
    ...(selfTest !== undefined && { selfTest }),
    ...(batches !== undefined && { batches }),
    ...(buffers !== undefined && { buffers }),
  });
  return {
    modelPackage,
    tokenizer: fittingTokenizer(tokenizer, model.vocabularySize, modelPackage.id),
    model,
  };
}
