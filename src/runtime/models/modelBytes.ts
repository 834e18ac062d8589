import { createHash, type Hash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { LensError } from '../../core/common/errors';
import type { OnnxModel } from '../../core/onnx/protobuf/model';
import { readModel } from '../../core/onnx/protobuf/readModel';
import { findWeightFiles, type WeightFiles } from './weightFiles';

const CHUNK = 8 * 1024 * 1024;
/** Protobuf's own limit, and that of a Buffer read by onnxruntime. */
const LARGEST_FILE = 2 ** 31 - 1;

export interface LoadedModel {
  readonly model: OnnxModel;
  readonly weights: WeightFiles;
  /** Of the .onnx file and of the weights that it keeps in other files, in the order of their names. */
  readonly sha256: string;
}

/**
 * Reads and hashes a model file in one pass.
 * @throws LensError `not-found`, `unreadable-file` or `invalid-model`
 */
export async function loadModel(file: string): Promise<LoadedModel> {
  const hash = createHash('sha256');
  const bytes = await readAndHash(file, hash);
  const model = readModel(bytes, file);
  const weights = await findWeightFiles(file, model);
  for (const weightFile of weights.paths.values()) await hashFile(weightFile, hash);
  return { model, weights, sha256: hash.digest('hex') };
}

async function readAndHash(file: string, hash: Hash): Promise<Uint8Array> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new LensError('not-found', `There is no model file at ${file}.`, { cause });
  });
  if (size > LARGEST_FILE) {
    throw new LensError(
      'unsupported-model',
      `${file} is over 2 GB, more than an ONNX file can be. Export it again with external data.`,
    );
  }
  const bytes = Buffer.allocUnsafe(size);
  const handle = await open(file, 'r');
  try {
    for (let at = 0; at < size;) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(CHUNK, size - at), at);
      if (bytesRead === 0)
        throw new LensError('unreadable-file', `${file} became shorter while it was read.`);
      hash.update(bytes.subarray(at, at + bytesRead));
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return bytes;
}

async function hashFile(file: string, hash: Hash): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK);
      if (bytesRead === 0) return;
      hash.update(chunk.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
