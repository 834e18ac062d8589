import { createHash, type Hash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { LensError } from '../../core/common/errors';
import type { OnnxModel } from '../../core/onnx/protobuf/model';
import { readModel } from '../../core/onnx/protobuf/readModel';

const CHUNK = 8 * 1024 * 1024;
/** Protobuf's own limit, and that of a Buffer read by onnxruntime. */
const LARGEST_FILE = 2 ** 31 - 1;

export interface LoadedModel {
  readonly model: OnnxModel;
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
  for (const location of externalFiles(model)) await hashExternal(file, location, hash);
  return { model, sha256: hash.digest('hex') };
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

/** Names of the files that hold weights, sorted. */
function externalFiles(model: OnnxModel): string[] {
  const names = new Set<string>();
  for (const { external } of model.graph.initializers.values()) if (external) names.add(external.location);
  return [...names].sort();
}

/** @throws LensError when the name leads out of the model's folder or nowhere */
async function hashExternal(model: string, location: string, hash: Hash): Promise<void> {
  const folder = path.dirname(model);
  const file = path.resolve(folder, location);
  if (location === '' || path.isAbsolute(location) || path.relative(folder, file).startsWith('..')) {
    throw new LensError(
      'invalid-model',
      `${model} wants weights from "${location}", outside its own folder. Do not trust this file.`,
    );
  }
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new LensError('not-found', `${model} needs the file ${file}, which is missing. Fetch it as well.`, {
      cause,
    });
  });
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
