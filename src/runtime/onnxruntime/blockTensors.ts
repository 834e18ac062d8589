import type { Tensor } from 'onnxruntime-node';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import { exposeNeurons } from '../../core/onnx/surgery/expose';
import type { TokenBatch } from '../../core/onnx/activationModel';
import type { ModelPackage } from '../models/modelPackage';
import { openTokenizer } from '../tokenizers/openTokenizer';
import type { AnalysedPart } from './openActivationModel';
import { StackSession } from './stackSession';

const TEXT = 'The keeper lit 3 lamps (quietly), and the cats watched from the old harbour wall.';
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
  { analysis, file, weights }: AnalysedPart,
  sites: readonly LocatedSite[],
): Promise<ReadonlyMap<LocatedSite, BlockTensors>> {
  if (sites.length === 0) return new Map();
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
    const results = await session.run(await fixedBatch(modelPackage));
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

async function fixedBatch({ tokenizerPath }: ModelPackage): Promise<TokenBatch> {
  const tokenizer = tokenizerPath === null ? null : await openTokenizer(tokenizerPath);
  const ids = tokenizer ? [...(await tokenizer.tokenize(TEXT)).ids] : [...Array(MOST_TOKENS).keys()];
  const kept = Uint32Array.from(ids.slice(0, MOST_TOKENS));
  return { rows: 1, width: kept.length, ids: kept, lengths: Uint32Array.of(kept.length) };
}
