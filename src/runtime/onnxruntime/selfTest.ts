import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { formatSite, type Part } from '../../core/common/neuronAddress';
import { activationGap, projectionGap, type PlainMatrix } from '../../core/onnx/blockCheck';
import type { Root } from '../../core/onnx/ffn/trace';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import { exposeNeurons } from '../../core/onnx/surgery/expose';
import type { TokenBatch } from '../../core/pipeline/ports';
import { choosePart, type ModelPackage } from '../models/modelPackage';
import { openTokenizer } from '../tokenizers/openTokenizer';
import { analysePart, noFfnFound } from './openActivationModel';
import { openSession } from './session';
import { StackInputs } from './stackInputs';

/** One FFN, recomputed from its own input and matrices. */
export interface SiteCheck {
  readonly site: string;
  /** Largest difference of any neuron at any token; null where it was not checked. */
  readonly largestDifference: number | null;
  /** Largest activation, to see the difference against. */
  readonly peak: number;
  /** Why it was not checked, or null. */
  readonly reason: string | null;
}

/** What `models check` and the badge show (docs/methods.md, Trust). */
export interface SelfTest {
  /** Null where no site could be checked. */
  readonly passed: boolean | null;
  readonly largestDifference: number | null;
  readonly checks: readonly SiteCheck[];
}

const TEXT = 'The keeper lit 3 lamps (quietly), and the cats watched from the old harbour wall.';
const MOST_TOKENS = 16;
/** Of the largest activation: rounding of float32 sums, and of half precision where the file has it. */
const TOLERANCE = { full: 1e-4, half: 2e-2 };

/**
 * Runs a fixed text through a model and recomputes its first, middle and last FFN from the block's own input and
 * matrices in float64: the projections from the matrices, the activations from the projections.
 * Weights that the file packs or rounds are not unpacked here; such a site is not checked, and the reason is given.
 */
export async function selfTest(modelPackage: ModelPackage, wanted?: Part): Promise<SelfTest> {
  const part = choosePart(modelPackage, wanted);
  const analysed = await analysePart(modelPackage, part);
  const { sites } = analysed.analysis;
  if (sites.length === 0) throw noFfnFound(modelPackage, analysed);
  const chosen = [...new Set([0, sites.length >> 1, sites.length - 1])].map((at) => sites[at]!);
  const batch = await fixedBatch(modelPackage);
  const checks: SiteCheck[] = [];
  for (const located of chosen) {
    const reason = whyUnchecked(located);
    if (reason === null) checks.push(await checkSite(modelPackage, analysed, located, batch));
    else checks.push({ site: formatSite(located.site), largestDifference: null, peak: 0, reason });
  }
  const gaps = checks.flatMap(({ largestDifference }) => largestDifference ?? []);
  const share = /16/.test(modelPackage.dtype) ? TOLERANCE.half : TOLERANCE.full;
  const passed = checks.every(
    ({ largestDifference, peak }) => largestDifference === null || largestDifference <= share * (1 + peak),
  );
  return gaps.length === 0
    ? { passed: null, largestDifference: null, checks }
    : { passed, largestDifference: Math.max(...gaps), checks };
}

function whyUnchecked({ site, source: { ffn, routing } }: LocatedSite): string | null {
  if (routing) return 'an expert sees only some tokens';
  if (ffn.trace.normalised !== null) return 'a norm stands between the activation and the down projection';
  if (ffn.roots.some(({ linear }) => linear.matrix === null)) return 'its weights are packed or rounded';
  if (ffn.roots.length < ffn.trace.roots.length) return 'a low-rank branch runs beside a projection';
  if (ffn.gate === null) return 'a fused operator keeps the pre-activation to itself';
  if (site.activation === 'other') return 'its activation function has no name';
  const operators = new Set([...ffn.trace.nodes].map(({ opType }) => opType));
  if (operators.has('Conv')) return 'a convolution stands in it';
  if (operators.has('QuantizeLinear')) return 'its activations are rounded on the way';
  return null;
}

async function checkSite(
  modelPackage: ModelPackage,
  { analysis, file, weights }: Awaited<ReturnType<typeof analysePart>>,
  located: LocatedSite,
  batch: TokenBatch,
): Promise<SiteCheck> {
  const { site, source } = located;
  const { roots, input } = source.ffn;
  const quantities: readonly Quantity[] = site.gated ? ['act', 'gate', 'up'] : ['act', 'pre'];
  const exposed = exposeNeurons(
    analysis.index,
    quantities.map((quantity) => ({ ffn: source, quantity })),
    weights.renamed,
    [input, ...roots.map(({ linear }) => ({ name: linear.matrix?.operand ?? '', axis: -1, rank: null }))],
  );
  const session = await openSession(exposed.bytes, file.path, { weightFolder: weights.folder });
  const inputs = await StackInputs.for(session, modelPackage, {});
  try {
    const results = await session.run(await inputs.feeds(batch, new Map()), session.outputNames);
    const [act, gate, up = null] = exposed.outputs.map((name) => floats(results, name));
    const [x, ...matrices] = exposed.beside.map((name) => floats(results, name));
    const gaps = roots.map((root, at) =>
      projectionGap(
        x!,
        matrixOf(root, matrices[at]!),
        columnsOf(root, site.dFf),
        at === 0 ? gate! : up!,
        site.dFf,
      ),
    );
    const largestDifference = Math.max(...gaps, activationGap(site.activation, act!, gate!, up) ?? 0);
    const peak = act!.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    return { site: formatSite(site), largestDifference, peak, reason: null };
  } finally {
    await inputs.dispose();
    await session.release();
  }
}

function floats(results: InferenceSession.OnnxValueMapType, name: string): Float32Array {
  return (results[name] as Tensor).data as Float32Array;
}

function matrixOf({ linear }: Root, values: Float32Array): PlainMatrix {
  const { inFeatures, outFeatures, matrix } = linear;
  return { values, inFeatures, outFeatures, outFirst: matrix?.outFirst ?? false };
}

/** Where the columns of a half stand in the packed matrix. */
function columnsOf({ half }: Root, dFf: number): { first: number; step: number } {
  if (!half) return { first: 0, step: 1 };
  return half.interleaved ? { first: half.index, step: 2 } : { first: half.index * dFf, step: 1 };
}

async function fixedBatch({ tokenizerPath }: ModelPackage): Promise<TokenBatch> {
  const tokenizer = tokenizerPath === null ? null : await openTokenizer(tokenizerPath);
  const ids = tokenizer ? [...(await tokenizer.tokenize(TEXT)).ids] : [...Array(MOST_TOKENS).keys()];
  const kept = Uint32Array.from(ids.slice(0, MOST_TOKENS));
  return { rows: 1, width: kept.length, ids: kept, lengths: Uint32Array.of(kept.length) };
}
