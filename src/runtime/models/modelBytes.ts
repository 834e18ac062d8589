import { open } from 'node:fs/promises';
import { LensError } from '../../core/common/errors';
import type { OnnxModel } from '../../core/onnx/protobuf/model';
import { readModel } from '../../core/onnx/protobuf/readModel';
import { regularFile } from '../files/regularFile';
import { lookAt, modelHash } from './modelHash';
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
 * Reads a model file and finds out its hash.
 * @throws LensError `not-found`, `unreadable-file` or `invalid-model`
 */
export async function loadModel(file: string): Promise<LoadedModel> {
  await regularFile(file, 'Choose another file, or fetch the model again.');
  const look = await lookAt(file);
  const bytes = await readWhole(file, look.bytes);
  const model = readModel(bytes, file);
  const weights = await findWeightFiles(file, model);
  return { model, weights, sha256: await modelHash(look, bytes, [...weights.paths.values()]) };
}

async function readWhole(file: string, size: number): Promise<Uint8Array> {
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
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return bytes;
}
