import { posix } from 'node:path';
import { LensError } from '../../core/common/errors';
import { DTYPES, embeddingFile, filesByPart, modelFileName } from '../models/modelFiles';
import type { ModelFile } from '../models/modelFiles';
import { withoutOnnx } from './hubErrors';
import type { HubFile, HubModel } from './hubModels';

/** Small files that lie beside a model and are wanted with it. */
const COMPANIONS = new Set([
  'config.json',
  'generation_config.json',
  'special_tokens_map.json',
  'tokenizer.json',
  'tokenizer_config.json',
]);

/** One form in which a model can be had. */
export interface OfferedDtype {
  readonly dtype: string;
  /** Of all files that it needs. */
  readonly bytes: number;
  readonly files: readonly HubFile[];
}

/** The dtypes that a model offers, with what each needs to be downloaded, the preferred first. */
export function offeredDtypes(model: HubModel): OfferedDtype[] {
  const networks = networkFiles(model);
  return DTYPES.flatMap((dtype) => {
    const parts = [...filesByPart(networks, dtype).values()];
    if (parts.length === 0) return [];
    const embedding = embeddingFile(networks, dtype);
    const paths = new Set([...parts, ...(embedding ? [embedding] : [])].map(({ path }) => path));
    const files = model.files.filter(
      (file) => COMPANIONS.has(file.path) || [...paths].some((path) => file.path.startsWith(path)),
    );
    return [{ dtype, files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }];
  });
}

/** @throws LensError `not-found` when the model has no ONNX files, or none of that dtype. */
export function chooseDtype(model: HubModel, wanted?: string): OfferedDtype {
  const offered = offeredDtypes(model);
  if (offered.length === 0) throw withoutOnnx(model.id);
  const chosen = offered.find(({ dtype }) => wanted === undefined || dtype === wanted);
  if (chosen !== undefined) return chosen;
  const dtypes = offered.map(({ dtype }) => dtype).join(', ');
  throw new LensError('not-found', `${model.id} has no ${wanted ?? ''} file: choose one of ${dtypes}.`);
}

/** The .onnx files, in `onnx/` or directly in the model, where also opening looks for them. */
function networkFiles({ files }: HubModel): ModelFile[] {
  const inFolder = (folder: string): HubFile[] =>
    files.filter(({ path }) => posix.dirname(path) === folder && path.endsWith('.onnx'));
  const found = inFolder('onnx').length > 0 ? inFolder('onnx') : inFolder('.');
  return found.map(({ path, bytes }) => ({ path, bytes, ...modelFileName(posix.basename(path)) }));
}
