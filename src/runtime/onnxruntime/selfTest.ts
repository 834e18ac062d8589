import { toLensError } from '../../core/common/errors';
import { formatSite } from '../../core/common/neuronAddress';
import { selfTestOf, type SelfTest, type SiteCheck } from '../../core/common/selfTest';
import {
  activationGap,
  projectionColumns,
  projectionGap,
  type PlainMatrix,
} from '../../core/onnx/blockCheck';
import type { Root } from '../../core/onnx/ffn/trace';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { ModelPackage } from '../models/modelPackage';
import { blockTensors, type BlockTensors } from './blockTensors';
import type { AnalysedPart } from './analysedPart';

/** Of the largest activation: rounding of float32 sums; of half precision, and of inputs that a packed product rounds. */
const TOLERANCE = { full: 1e-4, half: 2e-2 };

/**
 * Runs a fixed text through a model and recomputes its first, middle and last FFN from the block's own input and
 * matrices in float64: the projections from the matrices, the activations from the projections.
 * 4-bit and 8-bit blocks are unpacked by their own operators. Integer products, and what is not written out here, are not
 * checked, and the reason is given.
 * @param pause awaited before each FFN is recomputed, so that a process can answer questions meanwhile
 */
export async function selfTest(
  modelPackage: ModelPackage,
  analysed: AnalysedPart,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<SelfTest> {
  const { sites } = analysed.analysis;
  const chosen = [...new Set([0, sites.length >> 1, sites.length - 1])].flatMap((at) => sites[at] ?? []);
  const plain = chosen.filter((located) => whyUnchecked(located) === null);
  const blocks = await tensorsOrReason(modelPackage, analysed, plain);
  const checks: SiteCheck[] = [];
  for (const located of chosen) {
    const block = typeof blocks === 'string' ? undefined : blocks.get(located);
    const reason = whyUnchecked(located) ?? (typeof blocks === 'string' ? blocks : '');
    await pause();
    checks.push(block ? recompute(located, block, modelPackage.dtype) : unchecked(located, reason));
  }
  return selfTestOf(checks);
}

/** A model that onnxruntime runs may still refuse to give its matrices: then there is nothing to compare with. */
async function tensorsOrReason(
  modelPackage: ModelPackage,
  analysed: AnalysedPart,
  sites: readonly LocatedSite[],
): Promise<ReadonlyMap<LocatedSite, BlockTensors> | string> {
  try {
    return await blockTensors(modelPackage, analysed, sites);
  } catch (thrown) {
    return toLensError(thrown).message.replace(/\.$/, '');
  }
}

function whyUnchecked({ site, source: { ffn, routing } }: LocatedSite): string | null {
  if (routing) return 'an expert sees only some tokens';
  if (ffn.trace.normalised !== null) return 'a norm stands between the activation and the down projection';
  if (ffn.roots.some(({ linear }) => linear.matrix === null && !linear.packed))
    return 'its weights are rounded';
  if (ffn.roots.length < ffn.trace.roots.length) return 'a low-rank branch runs beside a projection';
  if (ffn.gate === null) return 'a fused operator keeps the pre-activation to itself';
  if (site.activation === 'other') return 'its activation function has no name';
  const operators = new Set([...ffn.trace.nodes].map(({ opType }) => opType));
  if (operators.has('Conv')) return 'a convolution stands in it';
  if (operators.has('QuantizeLinear')) return 'its activations are rounded on the way';
  if (!ffn.exact) return 'more than its activation function stands between the projections';
  return null;
}

function unchecked({ site }: LocatedSite, reason: string): SiteCheck {
  return { site: formatSite(site), largestDifference: null, allowed: null, peak: null, reason };
}

function recompute({ site, source }: LocatedSite, block: BlockTensors, dtype: string): SiteCheck {
  const { act, gate, up, input, matrices } = block;
  const gaps = source.ffn.roots.map((root, at) =>
    projectionGap(
      input,
      matrixOf(root, matrices[at]!),
      projectionColumns(root.half, site.dFf),
      at === 0 ? gate : up!,
      site.dFf,
    ),
  );
  const difference = Math.max(...gaps, activationGap(site.activation, act, gate, up) ?? 0);
  const peak = act.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const isPacked = source.ffn.roots.some(({ linear }) => linear.packed);
  const share = /16/.test(dtype) || isPacked ? TOLERANCE.half : TOLERANCE.full;
  return {
    site: formatSite(site),
    largestDifference: finite(difference),
    allowed: share * (1 + (finite(peak) ?? 0)),
    peak: finite(peak),
    reason: null,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export function matrixOf({ linear }: Root, values: Float32Array): PlainMatrix {
  const { inFeatures, outFeatures, matrix } = linear;
  return { values, inFeatures, outFeatures, outFirst: matrix?.outFirst ?? false };
}
