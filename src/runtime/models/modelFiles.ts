import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Part } from '../../core/common/neuronAddress';

/** One .onnx file of a model, read from its name as the Hub's conventions have it. */
export interface ModelFile {
  readonly path: string;
  /** `model`, `decoder_model_merged`, `encoder_model`, …: the name without its dtype. */
  readonly role: string;
  readonly dtype: string;
  /** Of the .onnx file and the weights beside it. */
  readonly bytes: number;
}

/** What a suffix of a file name says about the numbers in the file (transformers.js, optimum). */
const DTYPE_OF_SUFFIX: Readonly<Record<string, string>> = {
  fp16: 'fp16',
  bf16: 'bf16',
  quantized: 'q8',
  int8: 'int8',
  uint8: 'uint8',
  q8: 'q8',
  q4: 'q4',
  q4f16: 'q4f16',
  bnb4: 'bnb4',
};

/** Preferred first where nothing was asked for. */
export const DTYPES: readonly string[] = [
  'fp32',
  'fp16',
  'bf16',
  'q8',
  'int8',
  'uint8',
  'q4',
  'q4f16',
  'bnb4',
];

/** Files that hold a stack of layers, the most suitable first: without a cache rather than with one. */
const ROLES: Readonly<Record<Part, readonly string[]>> = {
  model: ['model', 'decoder_model', 'decoder_model_merged', 'decoder_with_past_model', 'text_model'],
  encoder: ['encoder_model'],
  decoder: ['decoder_model', 'decoder_model_merged', 'decoder_with_past_model'],
};

/** Files that make embeddings of token ids (transformers.js: embed_tokens, onnxruntime-genai: embedding). */
const EMBEDDING = /embed_tokens$|embedding$/;

/** The .onnx files of a model folder: in `onnx/` or directly in it. */
export async function listModelFiles(folder: string): Promise<ModelFile[]> {
  for (const place of [path.join(folder, 'onnx'), folder]) {
    const names = await readdir(place).catch(() => []);
    const models = names.filter((name) => name.endsWith('.onnx')).sort();
    if (models.length === 0) continue;
    return Promise.all(models.map((name) => describeModelFile(path.join(place, name), names)));
  }
  return [];
}

export async function describeModelFile(file: string, neighbours: readonly string[]): Promise<ModelFile> {
  const weights = neighbours.filter((name) => name.startsWith(path.basename(file)));
  const sizes = await Promise.all(
    // Those that are missing or no files are told of when they are opened.
    weights.map((name) =>
      stat(path.join(path.dirname(file), name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return {
    path: file,
    ...modelFileName(path.basename(file)),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** `decoder_model_q4.onnx` is a `decoder_model` in `q4`; a name without such an end is fp32. */
export function modelFileName(name: string): Pick<ModelFile, 'role' | 'dtype'> {
  const base = path.basename(name, '.onnx');
  const [, role, suffix = ''] = /^(.+)_([a-z0-9]+)$/.exec(base) ?? [];
  const dtype = DTYPE_OF_SUFFIX[suffix];
  return role === undefined || dtype === undefined ? { role: base, dtype: 'fp32' } : { role, dtype };
}

/** The file of each stack in one dtype. Empty where the folder has none of that dtype. */
export function filesByPart(files: readonly ModelFile[], dtype: string): Map<Part, ModelFile> {
  const offered = files.filter((file) => file.dtype === dtype);
  const pick = (part: Part): ModelFile | undefined => {
    for (const role of ROLES[part]) {
      const file = offered.find((candidate) => candidate.role === role);
      if (file) return file;
    }
    return undefined;
  };
  const encoder = pick('encoder');
  const decoder = pick('decoder');
  if (encoder && decoder) {
    return new Map<Part, ModelFile>([
      ['encoder', encoder],
      ['decoder', decoder],
    ]);
  }
  const auxiliary = (file: ModelFile): boolean => /embed|vision|audio|speech/.test(file.role);
  const single = pick('model') ?? encoder ?? offered.find((file) => !auxiliary(file));
  return single ? new Map<Part, ModelFile>([['model', single]]) : new Map<Part, ModelFile>();
}

/** The file that makes embeddings of token ids, for stacks that read these: in the dtype if there is one. */
export function embeddingFile(files: readonly ModelFile[], dtype: string): ModelFile | null {
  const found = files.filter(({ role }) => EMBEDDING.test(role));
  return (
    [dtype, 'fp32'].flatMap((wanted) => found.find((file) => file.dtype === wanted) ?? [])[0] ??
    found[0] ??
    null
  );
}
