import { LensError } from '../../core/common/errors';
import { formatSite, type NeuronAddress, type Part } from '../../core/common/neuronAddress';
import { readsNoText } from '../../core/onnx/graph/inputsOf';
import { cacheOutputs, resultOutput } from '../../core/onnx/head/findHead';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import { whyUnchangeable } from '../../core/onnx/surgery/intervene';
import { isCausal } from '../onnxruntime/causality';
import type { AnalysedPart } from '../onnxruntime/analysedPart';
import type { CachedPasses } from '../onnxruntime/cachedText';
import type { ChangeableSession } from '../onnxruntime/changeableSession';
import { normsOf, outputWeights } from '../onnxruntime/outputWeights';
import { ReadingDecoder } from '../onnxruntime/readingDecoder';
import { statesOf } from '../onnxruntime/stackSession';
import { openCachedPasses } from './cachedPasses';
import { fileBytes, requireMemory } from './modelMemory';
import { openChecked } from './openChecked';
import { originalOutput, type UnchangedModel } from './unchangedModel';
import {
  hasDecoder,
  isWritingStack,
  probePrompt,
  promptOf,
  readWholeModel,
  sitesOf,
  type WholeModelRequest,
  type WholeModel,
} from './wholeModel';

/** Which model, and neurons of which of its layers are to be changed. */
export interface CauseRequest extends WholeModelRequest {
  /** `all`: of the layers that can be changed and read text. */
  readonly addresses: readonly NeuronAddress[] | 'all';
  /** Whether those of `all` are opened where the addresses are among them, so that it answers later questions too. */
  readonly others?: boolean;
  /** Which tensor of them; what enters the down projection where absent. */
  readonly quantity?: Quantity | undefined;
  /** On which it is first seen that the model that can be changed is the one of the file; a fixed text where absent. */
  readonly text?: string | undefined;
  readonly decoderText?: string | undefined;
}

/** A whole model that is open for runs which change its neurons, or none. */
export interface Cause extends WholeModel {
  readonly sites: readonly LocatedSite[];
  /** Whether these are the ones that `all` stands for. */
  readonly holdsAll: boolean;
  readonly quantity: Quantity;
  /** Whether what is written next is predicted at every token. */
  readonly causal: boolean;
  /** Name of the output that is compared. */
  readonly output: string;
  /** Largest difference, with nothing changed, to the output of the file as it is. */
  readonly identity: number;
  readonly original: UnchangedModel;
  readonly changeable: ChangeableSession;
  /** How the model goes on with a text from a cache, opened once; null where it cannot, and all of the text is run again. */
  cachedPasses(): Promise<CachedPasses | null>;
  /** [neurons] ‖w_out‖ of a layer, read once; null where its output weights cannot be read. */
  outputNorms(located: LocatedSite): Promise<Float64Array | null>;
  dispose(): Promise<void>;
}

/**
 * Opens a model whole for changes to the neurons of some layers. The file as it is is run once, and is closed before the
 * model that can be changed is opened, so that its weights are in memory once.
 * @throws LensError where it has no such neurons, where they cannot be changed, `identity-failed` where the two give different
 *   outputs, or what reading and opening throw
 */
export async function openCause(request: CauseRequest): Promise<Cause> {
  const { addresses, threads, quantity = 'act' } = request;
  const parts = addresses === 'all' ? [] : [...new Set(addresses.map(({ part }) => part))];
  if (parts.length > 1) {
    throw new LensError(
      'usage',
      'Neurons of one stack at a time can be changed. Leave those of the other out.',
    );
  }
  const whole = await readWholeModel(request, addresses === 'all' ? null : (parts[0] ?? 'model'));
  const { modelPackage, analysed } = whole;
  const { sites, holdsAll } = sitesToOpen(whole, request, quantity);
  sites.forEach((located) => requireText(whole, located));
  requireMemory(whole, 'Changing neurons of', fileBytes(whole));
  const { text, decoderText } = request;
  const prompt = text === undefined ? await probePrompt(whole) : await promptOf(whole, text, decoderText);
  const settings = threads === undefined ? {} : { threads };
  const opened: { dispose(): Promise<void> }[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one.dispose()));
  };
  try {
    const reader = isReadElsewhere(whole) ? await ReadingDecoder.open(modelPackage, settings) : null;
    if (reader) opened.push(reader);
    const output = reader
      ? statesOf(analysed.analysis.index.graph.outputs.map(({ name }) => name))
      : requireResult(whole);
    const known = await originalOutput(whole, output, reader, prompt, settings);
    const beside = reader ? [] : cacheOutputs(analysed.analysis.index);
    const options = { ...settings, quantity, reader, beside };
    const causal = hasDecoder(whole) || isCausal(analysed.analysis.index, modelPackage.config, whole.part);
    const asked = { whole, sites, output, options, prompt, known };
    const checked = await openChecked(asked, causal && reader === null);
    const { changeable } = checked;
    opened.push(changeable);
    let passes: Promise<CachedPasses | null> | null = null;
    const norms = new Map<LocatedSite, Promise<Float64Array | null>>();
    return {
      ...whole,
      ...{ sites, holdsAll, quantity, causal, dispose, ...checked },
      output: reader?.output ?? output,
      cachedPasses: () =>
        (passes ??= openCachedPasses({ ...whole, sites, quantity, changeable, opened }, settings)),
      outputNorms: (located) => {
        const known = norms.get(located) ?? readNorms(whole, located);
        norms.set(located, known);
        return known;
      },
    };
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
}

/**
 * Whether a model that is open answers questions about some neurons as well, or about all.
 * @throws LensError `not-found` where it has no such neurons
 */
export function serves(cause: Cause, addresses: CauseRequest['addresses']): boolean {
  if (addresses === 'all') return cause.holdsAll && isWritingStack(cause);
  return (
    addresses.every(({ part }) => part === cause.part) &&
    sitesOf(cause, addresses).every((located) => cause.sites.includes(located))
  );
}

/** @throws LensError `not-found`, or `unsupported-model` where all are wanted and no layer can be changed */
function sitesToOpen(
  whole: WholeModel,
  { addresses, others = false }: CauseRequest,
  quantity: Quantity,
): Pick<Cause, 'sites' | 'holdsAll'> {
  const all = addresses === 'all' || others ? changeableSites(whole, quantity) : [];
  if (addresses === 'all') return { sites: requireSome(whole, quantity, all), holdsAll: true };
  const named = sitesOf(whole, addresses);
  const holdsAll = others && named.every((located) => all.includes(located));
  return { sites: holdsAll ? all : named, holdsAll };
}

/** Of the layers of a stack that have a value at every token, those that can be changed and read text. */
function changeableSites({ analysed, part }: WholeModel, quantity: Quantity): LocatedSite[] {
  const { index } = analysed.analysis;
  return plainSites(analysed, part).filter(
    (located) =>
      whyUnchangeable(index, located, quantity) === null && !readsNoText(index, located.source.ffn.act.name),
  );
}

function plainSites({ analysis }: AnalysedPart, part: Part): LocatedSite[] {
  return analysis.sites.filter(({ site, source }) => site.part === part && !source.routing);
}

function requireSome(
  { analysed, modelPackage, part }: WholeModel,
  quantity: Quantity,
  found: readonly LocatedSite[],
): readonly LocatedSite[] {
  if (found.length > 0) return found;
  const [first] = plainSites(analysed, part);
  const reason = first ? whyUnchangeable(analysed.analysis.index, first, quantity) : 'they are experts';
  throw new LensError(
    'unsupported-model',
    `The neurons of ${modelPackage.id} cannot be changed: ${reason ?? 'they read no text'}. Choose another export.`,
  );
}

function requireText({ analysed, modelPackage }: WholeModel, { site, source }: LocatedSite): void {
  if (!readsNoText(analysed.analysis.index, source.ffn.act.name)) return;
  throw new LensError(
    'unsupported-model',
    `The layer ${formatSite(site)} of ${modelPackage.id} reads images or sound, and no text changes what it does. ` +
      'Name one that reads text.',
  );
}

/** Whether the stack is an encoder whose decoder is a file of its own. */
function isReadElsewhere({ part, modelPackage, analysed }: WholeModel): boolean {
  const decoder = modelPackage.parts.get('decoder');
  return part === 'encoder' && decoder !== undefined && decoder !== analysed.file;
}

async function readNorms(
  { modelPackage, analysed }: WholeModel,
  located: LocatedSite,
): Promise<Float64Array | null> {
  const weights = await outputWeights(modelPackage, analysed, located);
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
