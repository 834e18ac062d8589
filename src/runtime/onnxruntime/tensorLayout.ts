import { formatSite } from '../../core/common/neuronAddress';
import { LensError } from '../../core/common/errors';
import type { FfnSite } from '../../core/onnx/site';
import type { TokenBatch } from '../../core/onnx/activationModel';

/** How a tensor holds the tokens of a batch: one sequence after the other, or position by position (XLNet). */
export type TensorLayout = 'sequences' | 'positions';

/**
 * @param dims [B, T, dFf], [T, B, dFf], or anything else with as many values
 * @returns null where B = T and the shape does not tell
 */
export function tensorLayout(dims: readonly number[], { rows, width }: TokenBatch): TensorLayout | null {
  const [first, second] = dims;
  if (rows === 1 || dims.length !== 3) return 'sequences';
  if (rows === width) return null;
  return first === width && second === rows ? 'positions' : 'sequences';
}

/** Activations with one sequence after the other. @param values [B·T × dFf] */
export function inSequences(
  values: Float32Array,
  layout: TensorLayout,
  dFf: number,
  { rows, width }: TokenBatch,
): Float32Array {
  if (layout === 'sequences') return values;
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < width; at++) {
      const from = (at * rows + row) * dFf;
      turned.set(values.subarray(from, from + dFf), (row * width + at) * dFf);
    }
  }
  return turned;
}

/** @throws LensError `unsupported-model` where there is not one row for each token */
export function requireRowForEachToken(
  { length }: Float32Array,
  site: FfnSite,
  { rows, width }: TokenBatch,
): void {
  if (length === rows * width * site.dFf) return;
  throw new LensError(
    'unsupported-model',
    `Layer ${formatSite(site)} computes ${length / site.dFf} rows for ${rows} × ${width} tokens, ` +
      'so its neurons do not belong to single tokens. Leave it out with --layers.',
  );
}
