import type { Tensor } from 'onnxruntime-node';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import { exposeNeurons } from '../../core/onnx/surgery/expose';
import type { ModelPackage } from '../models/modelPackage';
import type { AnalysedPart } from './analysedPart';
import { probeTokens } from './probeTokens';
import { stackLimits } from './stackLimits';
import { StackSession } from './stackSession';

const MOST_TOKENS = 16;

/** What one FFN takes and gives at each token of a fixed text. */
export interface BlockTensors {
  /** [tokens × neurons] */
  readonly act: Float32Array;
  /** [tokens × neurons] The pre-activation: of the gate where there is one. */
  readonly gate: Float32Array;
  /** [tokens × neurons] Null in a plain FFN. */
  readonly up: Float32Array | null;
  /** [tokens × d_model] */
  readonly input: Float32Array;
  /** The matrix of each root, as the graph holds it. */
  readonly matrices: readonly Float32Array[];
}

/** Runs a fixed text through a model once and gives all that its chosen FFNs take and give. */
export async function blockTensors(
  modelPackage: ModelPackage,
  analysed: AnalysedPart,
  sites: readonly LocatedSite[],
): Promise<ReadonlyMap<LocatedSite, BlockTensors>> {
  if (sites.length === 0) return new Map();
  const { analysis, file, weights } = analysed;
  const wanted = sites.flatMap(({ site, source }) =>
    quantitiesOf(site.gated).map((quantity) => ({ ffn: source, quantity })),
  );
  const beside = sites.flatMap(({ source: { ffn } }) => [
    ffn.input,
    ...ffn.roots.map(({ linear }) => linear),
  ]);
  const exposed = exposeNeurons(analysis.index, wanted, weights.renamed, beside);
  const runnable = { bytes: exposed.bytes, path: file.path, weightFolder: weights.folder };
  const session = await StackSession.open(runnable, modelPackage, {});
  try {
    const { vocabulary, length } = await stackLimits(modelPackage, analysed);
    const most = Math.min(MOST_TOKENS, length, session.fixed.length ?? Infinity);
    const ids = await probeTokens(modelPackage, { vocabulary, length: most });
    const batch = { rows: 1, width: ids.length, ids, lengths: Uint32Array.of(ids.length) };
    const results = await session.run(session.fitted(batch));
    const outputs = exposed.outputs.map((name) => floats(results, name));
    const others = exposed.beside.map((name) => floats(results, name));
    return new Map(
      sites.map((located) => {
        const { site, source } = located;
        const [act, gate, up = null] = outputs.splice(0, quantitiesOf(site.gated).length);
        const [input, ...matrices] = others.splice(0, 1 + source.ffn.roots.length);
        return [located, { act: act!, gate: gate!, up, input: input!, matrices }];
      }),
    );
  } finally {
    await session.dispose();
  }
}

function quantitiesOf(gated: boolean): readonly Quantity[] {
  return gated ? ['act', 'gate', 'up'] : ['act', 'pre'];
}

function floats(results: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  return results[name]!.data as Float32Array;
}
