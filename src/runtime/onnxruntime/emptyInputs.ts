import type { Tensor } from 'onnxruntime-node';
import type { TokenBatch } from '../../core/onnx/activationModel';
import { configNumber, nestedConfig, textConfig, type ModelConfig } from '../models/modelConfig';
import { zeroTensor, type InputMetadata } from './elements';

/**
 * A cache of no tokens: what the model fixes in numbers stays, the batch is the batch, sequences are empty,
 * and what stays open (onnxruntime-genai leaves even the head size open) comes from the configuration.
 */
export function emptyCache(input: InputMetadata, batch: TokenBatch, config: ModelConfig): Tensor {
  const text = textConfig(config);
  const heads = configNumber(text, 'num_attention_heads', 'n_head', 'num_heads') ?? 1;
  const width = configNumber(text, 'hidden_size', 'n_embd', 'd_model') ?? heads;
  const headSize = configNumber(text, 'head_dim', 'd_kv') ?? width / heads;
  const dims = input.shape.map((size, axis) => {
    if (typeof size === 'number') return size;
    if (/batch/.test(size)) return /head/.test(size) ? batch.rows * heads : batch.rows;
    if (axis === 0) return batch.rows;
    if (/past|seq|len|total/.test(size) && !/dim/.test(size)) return 0;
    if (axis === input.shape.length - 1 && input.shape.length === 4) return headSize;
    if (axis === 1) return configNumber(text, 'num_key_value_heads') ?? heads;
    return 0;
  });
  return zeroTensor(input, dims);
}

/** Side of the square images of a model that does not say. */
const USUAL_IMAGE = 224;
/** Bands and frames of the spectrogram of 30 seconds (Whisper), samples of a second of sound. */
const USUAL_SOUND = { bands: 80, positions: 1500, samples: 16_000 };

/**
 * A black image or silence, for the part of a model that text does not reach: the image tower of CLIP, the encoder of
 * Whisper. Its shape is the file's where that is fixed, else the configuration's.
 */
export function blankInput(input: InputMetadata, batch: TokenBatch, config: ModelConfig): Tensor {
  const usual = usualShape(input, config);
  return zeroTensor(
    input,
    input.shape.map((size, axis) =>
      typeof size === 'number' ? size : axis === 0 ? batch.rows : (usual[axis] ?? 1),
    ),
  );
}

/** No image and no sound, where their features are put among the embeddings of a text (onnxruntime-genai). */
export function noFeatures(input: InputMetadata): Tensor {
  return zeroTensor(
    input,
    input.shape.map((size) => (typeof size === 'number' ? size : 0)),
  );
}

function usualShape({ name }: InputMetadata, config: ModelConfig): number[] {
  const bands = configNumber(config, 'num_mel_bins') ?? USUAL_SOUND.bands;
  const positions = configNumber(config, 'max_source_positions') ?? USUAL_SOUND.positions;
  if (name === 'input_features') return [1, bands, 2 * positions];
  if (name === 'input_values') return [1, USUAL_SOUND.samples];
  const vision = nestedConfig(config, 'vision_config') ?? nestedConfig(config, 'encoder') ?? config;
  const side = configNumber(vision, 'image_size') ?? USUAL_IMAGE;
  return [1, 3, side, side];
}
