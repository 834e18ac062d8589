import { toLensError } from '../../core/common/errors';
import { formatValue } from '../../core/common/numberFormat';
import { findHead, resultOutput, type Head } from '../../core/onnx/head/findHead';
import { streamTerms } from '../../core/onnx/surgery/segment';
import { exposeNeurons } from '../../core/onnx/surgery/expose';
import type { ModelPackage } from '../models/modelPackage';
import type { AnalysedPart } from './analysedPart';
import { openSegment } from './openSegment';
import { probeTokens } from './probeTokens';
import { stackLimits } from './stackLimits';
import { StackSession } from './stackSession';

/** Of the largest logit: what another order of float32 sums may change; half precision and packed weights. */
const TOLERANCE = { full: 1e-4, half: 2e-2 };
const MOST_TOKENS = 16;

/** Whether a model's head, run alone on the residual stream, gives the model's own logits (docs/methods.md, Trust). */
export interface HeadTest {
  /** Null where there is no head. */
  readonly passed: boolean | null;
  readonly largestDifference: number | null;
  readonly allowed: number | null;
  /** Largest |logit|. */
  readonly peak: number | null;
  /** Why there is no head, or why it could not be run; null where it was tested. */
  readonly reason: string | null;
}

/** What was found, or what is off, in a sentence. */
export function headTestSentence({ passed, largestDifference, allowed, peak, reason }: HeadTest): string {
  if (passed === null) return `No head over the vocabulary: ${reason ?? 'it was not looked for'}.`;
  if (passed) {
    return (
      `The head, run alone on the residual stream, differs from the model's logits by at most ` +
      `${formatValue(largestDifference)} at values up to ${formatValue(peak)}.`
    );
  }
  return (
    `The head, run alone on the residual stream, differs from the model's logits by ${formatValue(largestDifference)}, ` +
    `of which rounding explains ${formatValue(allowed)}. Effects on the output are not shown for this model.`
  );
}

/** Finds the head of a stack; what stands against it otherwise. */
export async function headOf(
  modelPackage: ModelPackage,
  analysed: AnalysedPart,
): Promise<{ readonly head: Head } | { readonly reason: string }> {
  const { index } = analysed.analysis;
  const output = resultOutput(index);
  if (output === null) return { reason: 'it gives nothing but caches' };
  const { vocabulary } = await stackLimits(modelPackage, analysed);
  return findHead(index, output, vocabulary);
}

/** Runs a fixed text through a model, and its head again on the residual stream of that run. */
export async function headTest(modelPackage: ModelPackage, analysed: AnalysedPart): Promise<HeadTest> {
  const found = await headOf(modelPackage, analysed);
  if ('reason' in found) return untested(found.reason);
  try {
    const { stream, dims, logits, ids } = await streamAndLogits(modelPackage, analysed, found.head);
    const segment = await openSegment(modelPackage, analysed, found.head.stream, [found.head.logits]);
    try {
      const [alone] = await segment.run(stream, dims, ids);
      return compared(alone!.values, logits, modelPackage.dtype);
    } finally {
      await segment.dispose();
    }
  } catch (thrown) {
    return untested(toLensError(thrown).message.replace(/\.$/, ''));
  }
}

function untested(reason: string): HeadTest {
  return { passed: null, largestDifference: null, allowed: null, peak: null, reason };
}

function compared(alone: Float32Array, logits: Float32Array, dtype: string): HeadTest {
  const { difference, allowed, peak } = headTolerance(alone, logits, dtype);
  return {
    passed: difference <= allowed,
    largestDifference: Number.isFinite(difference) ? difference : null,
    allowed,
    peak: Number.isFinite(peak) ? peak : null,
    reason: null,
  };
}

/** How far logits of the head alone are from the model's, and how far they may be by rounding. */
export function headTolerance(
  alone: Float32Array,
  logits: Float32Array,
  dtype: string,
): { readonly difference: number; readonly allowed: number; readonly peak: number } {
  const peak = logits.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const difference = logits.reduce(
    (largest, value, at) => Math.max(largest, Math.abs(value - alone[at]!)),
    0,
  );
  const allowed = (/16|q4|bnb4|int4/.test(dtype) ? TOLERANCE.half : TOLERANCE.full) * (1 + peak);
  return { difference: Number.isNaN(difference) ? Infinity : difference, allowed, peak };
}

/** What the head reads, and what the model makes of it. */
async function streamAndLogits(
  modelPackage: ModelPackage,
  analysed: AnalysedPart,
  head: Head,
): Promise<{ stream: Float32Array; dims: readonly number[]; logits: Float32Array; ids: Uint32Array }> {
  const { analysis, file, weights } = analysed;
  const asFeatures = (name: string) => ({ name, axis: -1, rank: null });
  const wanted = [...streamTerms(head.stream), head.logits].map(asFeatures);
  const { bytes, beside } = exposeNeurons(analysis.index, [], weights.renamed, wanted);
  const runnable = { bytes, path: file.path, weightFolder: weights.folder };
  const session = await StackSession.open(runnable, modelPackage, {});
  try {
    const { vocabulary, length } = await stackLimits(modelPackage, analysed);
    const most = Math.min(MOST_TOKENS, length, session.fixed.length ?? Infinity);
    const own = await probeTokens(modelPackage, { vocabulary, length: most });
    const batch = session.fitted({
      rows: 1,
      width: own.length,
      ids: own,
      lengths: Uint32Array.of(own.length),
    });
    const results = await session.run(batch);
    const tensors = beside.map((name) => results[name]!);
    const logits = tensors.pop()!.data as Float32Array;
    return {
      stream: sumOf(tensors.map(({ data }) => data as Float32Array)),
      dims: tensors[0]!.dims,
      logits,
      ids: batch.ids,
    };
  } finally {
    await session.dispose();
  }
}

/** The sum of tensors of one shape, and of a bias that is added at each token. */
export function sumOf(terms: readonly Float32Array[]): Float32Array {
  const [first, ...others] = terms;
  if (others.length === 0) return first!;
  return first!.map((value, at) => others.reduce((sum, term) => sum + term[at % term.length]!, value));
}
