import { isTokenIds } from '../../core/onnx/graph/inputsOf';
import { LensError } from '../../core/common/errors';
import type { SiteActivations, TokenBatch } from '../../core/onnx/activationModel';
import type { InputMetadata } from './elements';

/** The sizes of a batch that a model's inputs fix; null where each run may choose. */
export interface FixedShape {
  readonly rows: number | null;
  readonly length: number | null;
}

/** Inputs of [rows, tokens] or [rows, tokens, width]. */
const BY_TOKEN = /attention_mask|position_ids|token_type_ids|^inputs_embeds$/;

/** What the inputs of one session, or those of the files that feed it, fix. @throws LensError where they disagree */
export function fixedShapeOf(inputs: readonly InputMetadata[]): FixedShape {
  const byToken = inputs.filter(
    ({ name, shape }) => (isTokenIds(name) || BY_TOKEN.test(name)) && shape.length > 1,
  );
  const sizes = (axis: number): number | null => {
    const fixed = new Set(
      byToken.map(({ shape }) => shape[axis]).filter((size) => typeof size === 'number' && size > 0),
    );
    if (fixed.size < 2) return ([...fixed][0] as number | undefined) ?? null;
    throw new LensError(
      'unsupported-model',
      `The model's inputs are fixed to different sizes (${[...fixed].join(', ')}), which one text cannot fill. ` +
        'Export it with dynamic axes.',
    );
  };
  return { rows: sizes(0), length: sizes(1) };
}

/** A batch of the shape that a model wants: more padding, and rows that repeat the first one. */
export function fittedBatch(batch: TokenBatch, { rows, length }: FixedShape): TokenBatch {
  const fitted = { rows: rows ?? batch.rows, width: length ?? batch.width };
  if (fitted.rows === batch.rows && fitted.width === batch.width) return batch;
  if (fitted.rows < batch.rows || fitted.width < batch.width) {
    throw new LensError(
      'unsupported-model',
      `The model's inputs are fixed to ${fitted.rows} × ${fitted.width} tokens, and there are ` +
        `${batch.rows} × ${batch.width}. Give a shorter text, or export the model with dynamic axes.`,
    );
  }
  const ids = new Uint32Array(fitted.rows * fitted.width);
  const lengths = new Uint32Array(fitted.rows);
  for (let row = 0; row < fitted.rows; row++) {
    const source = row < batch.rows ? row : 0;
    const start = source * batch.width;
    ids.fill(batch.ids[start]!, row * fitted.width, (row + 1) * fitted.width);
    ids.set(batch.ids.subarray(start, start + batch.lengths[source]!), row * fitted.width);
    lengths[row] = batch.lengths[source]!;
  }
  return { ...fitted, ids, lengths };
}

/**
 * What was computed for a batch, out of what was computed for the batch that it was fitted to. What is not there for
 * each token, such as that of an image, is all of it.
 */
export function cutToBatch<Activations extends SiteActivations & { readonly rows: number }>(
  activations: Activations,
  fitted: TokenBatch,
  batch: TokenBatch,
): Activations {
  const { values, positions, site } = activations;
  const rows: number[] = [];
  const kept: number[] = [];
  const count = values.length / site.dFf;
  if (positions === null && count !== fitted.rows * fitted.width) return activations;
  for (let row = 0; row < count; row++) {
    const position = positions?.[row] ?? row;
    const [sequence, token] = [Math.floor(position / fitted.width), position % fitted.width];
    if (sequence >= batch.rows || token >= batch.width) continue;
    rows.push(row);
    kept.push(sequence * batch.width + token);
  }
  const cut = new Float32Array(rows.length * site.dFf);
  rows.forEach((row, at) => cut.set(values.subarray(row * site.dFf, (row + 1) * site.dFf), at * site.dFf));
  return { ...activations, rows: batch.rows, values: cut, positions: positions && Uint32Array.from(kept) };
}
