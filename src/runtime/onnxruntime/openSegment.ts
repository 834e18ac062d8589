import type { StreamEnd } from '../../core/onnx/head/findHead';
import { cutSegment } from '../../core/onnx/surgery/segment';
import type { ModelPackage } from '../models/modelPackage';
import type { AnalysedPart } from './analysedPart';
import { Tensor } from './library';
import type { NamedArrays } from './namedInputs';
import { StackSession } from './stackSession';

/** A tensor of float32. */
export interface FloatTensor {
  readonly values: Float32Array;
  readonly dims: readonly number[];
}

/** A piece of a model that computes some tensors from one other, open in onnxruntime. */
export interface OpenSegment {
  /**
   * @param values of the tensor that the piece begins at, of these dimensions: [rows, tokens, width] or [rows · tokens, width]
   * @param ids of the tokens, where the piece reads them for the sake of a shape
   * @returns the tensors that were asked for
   */
  run(
    values: Float32Array,
    dims: readonly number[],
    ids?: Uint32Array,
    named?: NamedArrays,
  ): Promise<readonly FloatTensor[]>;
  dispose(): Promise<void>;
}

/** @throws LensError `unsupported-model` with onnxruntime's reason */
export async function openSegment(
  modelPackage: ModelPackage,
  { analysis, file, weights }: Pick<AnalysedPart, 'analysis' | 'file' | 'weights'>,
  from: StreamEnd,
  to: readonly string[],
  threads?: number,
): Promise<OpenSegment> {
  const { bytes, input, outputs } = cutSegment(analysis.index, from, to, weights.renamed);
  const runnable = { bytes, path: file.path, weightFolder: weights.folder };
  const session = await StackSession.open(runnable, modelPackage, threads === undefined ? {} : { threads });
  return {
    run: async (values, dims, ids, named) => {
      const width = dims.length === 2 ? dims[0]! : dims[1]!;
      const rows = dims.length === 2 ? 1 : dims[0]!;
      const batch = {
        ...{ rows, width },
        ids: ids ?? new Uint32Array(rows * width),
        lengths: new Uint32Array(rows).fill(width),
      };
      const stream = new Map([
        ...session.atEveryToken,
        [input, new Tensor('float32', values, dims)] as const,
      ]);
      const results = await session.run(batch, named, undefined, stream);
      return outputs.map((name) => {
        const { data, dims: extents } = results[name]!;
        return { values: data as Float32Array, dims: extents };
      });
    },
    dispose: () => session.dispose(),
  };
}
