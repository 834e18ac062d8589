import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { LensError } from '../../core/common/errors';
import type { Part } from '../../core/common/neuronAddress';
import { cachedSnapshot, exists } from './hubCache';
import { parseHubId } from './hubId';
import { readModelConfig, type ModelConfig } from './modelConfig';
import {
  describeModelFile,
  DTYPES,
  embeddingFile,
  filesByPart,
  listModelFiles,
  type ModelFile,
} from './modelFiles';

/** Everything on disk that belongs to one model in one dtype. */
export interface ModelPackage {
  /** What people call the model: its Hub id, or the path that they gave. */
  readonly id: string;
  readonly folder: string;
  readonly config: ModelConfig;
  /** Null where no tokenizer.json lies beside the model. */
  readonly tokenizerPath: string | null;
  readonly dtype: string;
  /** The file of each stack: `model` alone, or `encoder` and `decoder`. */
  readonly parts: ReadonlyMap<Part, ModelFile>;
  /** Makes embeddings of token ids, for stacks that read these; null where there is no such file. */
  readonly embedding: ModelFile | null;
  /** Files of every dtype, for a choice. */
  readonly offered: readonly ModelFile[];
}

export interface PackageOptions {
  readonly dtype?: string;
  /** Folder of the model that `default` stands for. */
  readonly embeddedModel: string;
}

/**
 * Finds the files of a MODEL argument: `default`, a folder in the Hub's layout, a single .onnx file,
 * or a Hub id `org/name[@revision]` that is in the Hugging Face cache.
 * @throws LensError `not-found` or `invalid-model`
 */
export async function resolveModelPackage(spec: string, options: PackageOptions): Promise<ModelPackage> {
  if (spec === 'default') return packageOfFolder('default', options.embeddedModel, options.dtype);
  const found = await stat(spec).catch(() => null);
  if (found?.isDirectory()) return packageOfFolder(spec, path.resolve(spec), options.dtype);
  if (found?.isFile()) return packageOfFile(spec, path.resolve(spec));
  const named = parseHubId(spec);
  const snapshot = named && (await cachedSnapshot(named.id, named.revision));
  if (snapshot === null) {
    if (!named?.id.includes('/')) {
      throw new LensError(
        'not-found',
        `There is no model at ${spec}. Give a folder, an .onnx file or a Hub id.`,
      );
    }
    throw new LensError(
      'not-found',
      `The model ${spec} is neither a folder here nor in the Hugging Face cache. ` +
        `Download it first: neuron-lens models download ${spec}`,
    );
  }
  return packageOfFolder(spec, snapshot, options.dtype);
}

async function packageOfFolder(id: string, folder: string, wanted?: string): Promise<ModelPackage> {
  const offered = await listModelFiles(folder);
  if (offered.length === 0) {
    throw new LensError(
      'not-found',
      `${folder} holds no .onnx file. Export the model first, for example with ` +
        `"optimum-cli export onnx --model ${id} OUT".`,
    );
  }
  const dtype = wanted ?? DTYPES.find((candidate) => filesByPart(offered, candidate).size > 0) ?? 'fp32';
  const parts = filesByPart(offered, dtype);
  if (parts.size === 0) {
    const dtypes = [...new Set(offered.map((file) => file.dtype))].join(', ');
    throw new LensError('not-found', `${id} has no ${dtype} file. It offers: ${dtypes}.`);
  }
  const embedding = embeddingFile(offered, dtype);
  return { id, folder, ...(await companions(folder)), dtype, parts, embedding, offered };
}

async function packageOfFile(id: string, file: string): Promise<ModelPackage> {
  const folder = path.dirname(file);
  const described = await describeModelFile(file, await readdir(folder));
  const neighbours = await listModelFiles(folder);
  const beside = await companions(folder);
  const parent = path.dirname(folder);
  const around = beside.tokenizerPath !== null ? beside : await companions(parent);
  return {
    id,
    folder: beside.tokenizerPath !== null ? folder : parent,
    ...around,
    dtype: described.dtype,
    parts: partsAround(described, neighbours),
    embedding: embeddingFile(neighbours, described.dtype),
    offered: [described],
  };
}

/** A file that was named alone is the whole model, but for a decoder that has its encoder beside it. */
function partsAround(file: ModelFile, neighbours: readonly ModelFile[]): Map<Part, ModelFile> {
  if (file.role === 'encoder_model') return new Map<Part, ModelFile>([['encoder', file]]);
  const encoder = filesByPart(neighbours, file.dtype).get('encoder');
  if (!encoder || !file.role.startsWith('decoder')) return new Map<Part, ModelFile>([['model', file]]);
  return new Map<Part, ModelFile>([
    ['encoder', encoder],
    ['decoder', file],
  ]);
}

async function companions(folder: string): Promise<Pick<ModelPackage, 'config' | 'tokenizerPath'>> {
  const config = path.join(folder, 'config.json');
  const tokenizer = path.join(folder, 'tokenizer.json');
  return {
    config: (await exists(config)) ? await readModelConfig(config) : {},
    tokenizerPath: (await exists(tokenizer)) ? tokenizer : null,
  };
}

/**
 * The stack to open: the one asked for, else the only one, else the encoder.
 * @throws LensError `usage` when the model has no such stack
 */
export function choosePart(modelPackage: ModelPackage, wanted: Part | undefined): Part {
  const parts = [...modelPackage.parts.keys()];
  const part = wanted ?? parts.find((name) => name !== 'decoder') ?? 'decoder';
  if (modelPackage.parts.has(part) || modelPackage.parts.has('model')) return part;
  throw new LensError('usage', `${modelPackage.id} has no ${part}. It has: ${parts.join(', ')}.`);
}

/** Path of the model's tokenizer.json. @throws LensError `invalid-tokenizer` without one */
export function requireTokenizer({ id, tokenizerPath }: Pick<ModelPackage, 'id' | 'tokenizerPath'>): string {
  if (tokenizerPath !== null) return tokenizerPath;
  throw new LensError(
    'invalid-tokenizer',
    `There is no tokenizer.json with ${id}. Put the model's own tokenizer.json beside it.`,
  );
}
