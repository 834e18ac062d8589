import type { Part } from '../../core/common/neuronAddress';
import { LensError } from '../../core/common/errors';
import { parseJson } from '../../core/common/parseJson';
import { readRegularFile } from '../files/regularFile';

/** The fields of a Hugging Face config.json, of which a model may have any. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/** Far more than any configuration has: labels of 100,000 classes stand in some. */
const LARGEST_CONFIG = 32 * 2 ** 20;

/** @throws LensError `invalid-model` when the file is no JSON object, `unreadable-file` when it is no file */
export async function readModelConfig(file: string): Promise<ModelConfig> {
  const bytes = await readRegularFile(file, LARGEST_CONFIG, 'Fetch the model again.');
  try {
    const config = parseJson(bytes.toString('utf8'));
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) return { ...config };
  } catch (cause) {
    throw new LensError('invalid-model', `${file} is not valid JSON. Fetch the model again.`, { cause });
  }
  throw new LensError('invalid-model', `${file} holds no model configuration. Fetch the model again.`);
}

/** The first of several names under which families write the same size; null where none is a whole number. */
export function configNumber(config: ModelConfig, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = config[name];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  }
  return null;
}

function configText(config: ModelConfig, name: string): string {
  const value = config[name];
  return typeof value === 'string' ? value : '';
}

/** The configuration of one stack within that of a model with several; null where there is none. */
export function nestedConfig(config: ModelConfig, name: string): ModelConfig | null {
  const nested = config[name];
  return typeof nested === 'object' && nested !== null ? { ...nested } : null;
}

/** The configuration of the text stack of a model with several; the whole configuration otherwise. */
export function textConfig(config: ModelConfig): ModelConfig {
  return nestedConfig(config, 'text_config') ?? nestedConfig(config, 'decoder') ?? config;
}

/** Layers of a stack, null where the configuration does not say. */
export function layerCount(config: ModelConfig, part: Part): number | null {
  if (part === 'encoder') {
    return configNumber(config, 'encoder_layers', 'num_encoder_layers', 'num_layers', 'num_hidden_layers');
  }
  if (part === 'decoder') {
    return configNumber(config, 'decoder_layers', 'num_decoder_layers', 'num_layers', 'num_hidden_layers');
  }
  return configNumber(config, 'num_hidden_layers', 'n_layer', 'num_layers', 'n_layers');
}

/** RoBERTa and its kin number positions from the pad id + 1, so that many rows of the table are never used. */
const POSITIONS_AFTER_PAD = new Set([
  'roberta',
  'xlm-roberta',
  'camembert',
  'longformer',
  'mpnet',
  'data2vec-text',
  'esm',
  'luke',
  'ibert',
]);

/** Longest sequence in tokens, special ones included; null where the configuration does not say. */
export function statedLength(config: ModelConfig): number | null {
  const text = textConfig(config);
  const positions = configNumber(
    text,
    'max_position_embeddings',
    'n_positions',
    'n_ctx',
    'max_seq_len',
    'max_sequence_length',
    'seq_length',
  );
  if (positions === null || positions < 1) return null;
  return Math.max(1, positions - firstPosition(config));
}

/** The number of the first token's position: 0 but for RoBERTa and its kin. */
export function firstPosition(config: ModelConfig): number {
  const text = textConfig(config);
  return POSITIONS_AFTER_PAD.has(configText(text, 'model_type'))
    ? (configNumber(text, 'pad_token_id') ?? 1) + 1
    : 0;
}
