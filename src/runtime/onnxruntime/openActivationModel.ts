import type { Part } from '../../core/common/neuronAddress';
import { LensError } from '../../core/common/errors';
import type { Quantity } from '../../core/onnx/site';
import { readsNoText } from '../../core/onnx/graph/inputsOf';
import { exposeNeurons } from '../../core/onnx/surgery/expose';
import { choosePart, type ModelPackage } from '../models/modelPackage';
import { type AnalysedPart, analysePart, type WantedOutput } from './analysedPart';
import { OnnxActivationModel } from './onnxActivationModel';
import { GrowingBuffers, type OutputBuffers } from './outputBuffers';
import { UNTRIED } from './batching';
import { batchingOf, type BatchingOptions } from './rememberedBatching';
import { rememberedSelfTest, type SelfTestOptions } from './rememberedSelfTest';
import { stackLimits } from './stackLimits';
import { StackSession } from './stackSession';

export interface ActivationModelOptions extends BatchingOptions {
  /** Only sites that text reaches, as opposed to those of an image or sound tower. */
  readonly onlyText?: boolean;
  /** `act` where absent. A quantity that a site does not have is left out for that site. */
  readonly quantities?: readonly Quantity[];
  readonly threads?: number;
  /** Seed of the order that the weights of each matrix are put into: a control. As they are where absent. */
  readonly shuffled?: number;
  /** Where the values are to be written; ordinary memory where absent. */
  readonly buffers?: OutputBuffers;
  /** Has the model tested before it is opened, unless its file was tested before; not where absent. */
  readonly selfTest?: SelfTestOptions;
}

/**
 * Opens a model so that running it gives the activations of its FFN neurons, and nothing else is computed.
 * @throws LensError `no-ffn-found` when there is nothing to expose, and what reading and opening throw
 */
export async function openActivationModel(
  modelPackage: ModelPackage,
  options: ActivationModelOptions = {},
): Promise<OnnxActivationModel> {
  const part = choosePart(modelPackage, options.part);
  const analysed = await analyseForText(modelPackage, part, options);
  const { analysis, file, weights } = analysed;
  const wanted = chooseOutputs(analysed, modelPackage, options);
  // Before the model is opened, for two of it in memory would be one too many.
  const selfTest = options.selfTest
    ? await rememberedSelfTest(modelPackage, analysed, options.selfTest)
    : null;
  const limits = await stackLimits(modelPackage, analysed);
  const exposed = exposeNeurons(
    analysis.index,
    wanted.map(({ located, quantity }) => ({ ffn: located.source, quantity })),
    weights.renamed,
    [],
    true,
  );
  const runnable = { bytes: exposed.bytes, path: file.path, weightFolder: weights.folder };
  const session = await StackSession.open(runnable, modelPackage, options);
  try {
    const opened = { modelPackage, analysed, selfTest, wanted, exposed, session, limits };
    const onTrial = { ...opened, buffers: new GrowingBuffers(), batching: UNTRIED };
    // Where the length is fixed, every text is padded.
    const isTried = options.batches !== undefined || session.fixed.length !== null;
    const batching = isTried ? await batchingOf(new OnnxActivationModel(onTrial), opened, options) : UNTRIED;
    const buffers = options.buffers ?? new GrowingBuffers();
    return new OnnxActivationModel({ ...opened, buffers, batching });
  } catch (thrown) {
    await session.dispose();
    throw thrown;
  }
}

/** Where nobody asked for a stack and text is to be run, the decoder takes the place of a sound or image encoder. */
async function analyseForText(
  modelPackage: ModelPackage,
  part: Part,
  options: ActivationModelOptions,
): Promise<AnalysedPart> {
  const analysed = await analysePart(modelPackage, part, options.shuffled);
  const { index, sites } = analysed.analysis;
  const isSilent = sites.length > 0 && sites.every(({ source }) => readsNoText(index, source.ffn.act.name));
  const isFree = options.onlyText === true && options.part === undefined && part === 'encoder';
  return isFree && isSilent && modelPackage.parts.has('decoder')
    ? analysePart(modelPackage, 'decoder', options.shuffled)
    : analysed;
}

/** What is said of a model without FFN neurons: what was looked for, and what hides them if anything does. */
export function noFfnFound({ id }: ModelPackage, { analysis, file }: AnalysedPart): LensError {
  const reason = analysis.opaque[0]?.reason;
  return new LensError(
    'no-ffn-found',
    `${id} has no FFN neurons that can be shown: ${file.path} was searched for an up projection, an activation ` +
      `function and a down projection around a residual stream, and none was found` +
      (reason === undefined ? '.' : `; ${reason}.`),
  );
}

/** What is said of an image or sound encoder that a text is to be run through. */
function noTextRead({ id, parts }: ModelPackage, part: Part): LensError {
  const other = parts.has('decoder') && part !== 'decoder' ? ' Choose its decoder with --part decoder.' : '';
  return new LensError(
    'unsupported-model',
    `The ${part} of ${id} reads images or sound, and no text.${other}`,
  );
}

function chooseOutputs(
  analysed: AnalysedPart,
  modelPackage: ModelPackage,
  options: ActivationModelOptions,
): WantedOutput[] {
  const { part } = options;
  const { analysis } = analysed;
  const [first, last] = options.layers ?? [0, Infinity];
  const found = analysis.sites.filter(({ site }) => part === undefined || site.part === part);
  if (analysis.sites.length === 0) throw noFfnFound(modelPackage, analysed);
  if (found.length === 0) {
    const others = [...new Set(analysis.sites.map(({ site }) => site.part))].join(', ');
    throw new LensError('usage', `${modelPackage.id} has no ${part ?? 'stack'}. It has: ${others}.`);
  }
  const ofPart = options.onlyText
    ? found.filter(({ source }) => !readsNoText(analysis.index, source.ffn.act.name))
    : found;
  if (ofPart.length === 0) throw noTextRead(modelPackage, found[0]!.site.part);
  const chosen = ofPart.filter(({ site }) => site.layer >= first && site.layer <= last);
  const wanted = chosen.flatMap((located) =>
    (options.quantities ?? ['act'])
      .filter((quantity) => located.site.quantities.includes(quantity))
      .map((quantity) => ({ located, quantity })),
  );
  if (wanted.length > 0) return wanted;
  const layers = Math.max(...ofPart.map(({ site }) => site.layer));
  throw new LensError(
    'usage',
    `Nothing to show: ${modelPackage.id} has layers 0 to ${layers} with the quantities ` +
      `${[...new Set(ofPart.flatMap(({ site }) => site.quantities))].join(', ')}. Choose among these.`,
  );
}
