import { LensError } from '../../core/common/errors';
import type { NeuronAddress } from '../../core/common/neuronAddress';
import { resultOutput } from '../../core/onnx/head/findHead';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { GraphEditor } from '../../core/onnx/surgery/graphEditor';
import { isCausal } from '../onnxruntime/causality';
import { ChangeableSession } from '../onnxruntime/changeableSession';
import type { AnalysedPart } from '../onnxruntime/analysedPart';
import { normsOf, outputWeights } from '../onnxruntime/outputWeights';
import { StackSession } from '../onnxruntime/stackSession';
import { readWholeModel, sitesOf, type ModelRequest, type WholeModel } from './wholeModel';

/** Which model, and neurons of which of its layers are to be changed. */
export interface CauseRequest extends ModelRequest {
  readonly addresses: readonly NeuronAddress[];
}

/** A whole model that is open twice: as it is, and with neurons that each run may change. */
export interface Cause extends WholeModel {
  readonly sites: readonly LocatedSite[];
  readonly causal: boolean;
  readonly output: string;
  readonly original: StackSession;
  readonly changeable: ChangeableSession;
  /** [neurons] ‖w_out‖ of a layer, read once; null where its output weights cannot be read. */
  outputNorms(located: LocatedSite): Promise<Float64Array | null>;
  dispose(): Promise<void>;
}

/**
 * Opens a model whole for changes to the neurons of some layers.
 * @throws LensError where it has no such neurons, where they cannot be changed, or what reading and opening throw
 */
export async function openCause(request: CauseRequest): Promise<Cause> {
  const { addresses, threads } = request;
  const parts = [...new Set(addresses.map(({ part }) => part))];
  if (parts.length > 1) {
    throw new LensError(
      'usage',
      'Neurons of one stack at a time can be changed. Leave those of the other out.',
    );
  }
  const whole = await readWholeModel(request, parts[0] ?? 'model');
  const { modelPackage, analysed, part } = whole;
  const sites = sitesOf(whole, addresses);
  const output = requireResult(whole);
  const { file, weights, analysis } = analysed;
  const settings = threads === undefined ? {} : { threads };
  const bytes = new GraphEditor(analysis.index).write([output], weights.renamed);
  const original = await StackSession.open(
    { bytes, path: file.path, weightFolder: weights.folder },
    modelPackage,
    settings,
  );
  try {
    const changeable = await ChangeableSession.open(modelPackage, analysed, sites, output, threads);
    const norms = new Map<LocatedSite, Promise<Float64Array | null>>();
    const causal = isCausal(analysis.index, modelPackage.config, part);
    return {
      ...whole,
      ...{ sites, causal, output, original, changeable },
      outputNorms: (located) => {
        const known = norms.get(located) ?? readNorms(analysed, located);
        norms.set(located, known);
        return known;
      },
      dispose: async () => {
        await Promise.all([original.dispose(), changeable.dispose()]);
      },
    };
  } catch (thrown) {
    await original.dispose();
    throw thrown;
  }
}

async function readNorms(analysed: AnalysedPart, located: LocatedSite): Promise<Float64Array | null> {
  const weights = await outputWeights(analysed, located);
  return weights && normsOf(weights, located.site.dModel);
}

function requireResult({ modelPackage, analysed }: WholeModel): string {
  const found = resultOutput(analysed.analysis.index);
  if (found !== null) return found;
  throw new LensError(
    'unsupported-model',
    `${modelPackage.id} gives nothing but caches, so no effect can be seen.`,
  );
}
