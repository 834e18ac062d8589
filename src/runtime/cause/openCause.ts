import { readFile } from 'node:fs/promises';
import { LensError } from '../../core/common/errors';
import { formatSite, sameSite, type NeuronAddress } from '../../core/common/neuronAddress';
import type { GraphIndex } from '../../core/onnx/graph/graphIndex';
import { resultOutput } from '../../core/onnx/head/findHead';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { GraphEditor } from '../../core/onnx/surgery/graphEditor';
import { pieceStyleOf, textOfPieces } from '../../core/text/pieceText';
import type { Tokenizer } from '../../core/text/tokenizer';
import { configNumber } from '../models/modelConfig';
import { resolveModelPackage, type ModelPackage } from '../models/modelPackage';
import { isCausal } from '../onnxruntime/causality';
import { ChangeableSession } from '../onnxruntime/changeableSession';
import { encodeTexts, type ListedToken } from '../onnxruntime/encodeTexts';
import type { NamedArrays } from '../onnxruntime/namedInputs';
import { analysePart, type AnalysedPart } from '../onnxruntime/analysedPart';
import { noFfnFound } from '../onnxruntime/openActivationModel';
import { normsOf, outputWeights } from '../onnxruntime/outputWeights';
import { stackLimits, type StackLimits } from '../onnxruntime/stackLimits';
import { StackSession } from '../onnxruntime/stackSession';
import { openTokenizer } from '../tokenizers/openTokenizer';

/** Which model, and neurons of which of its layers are to be changed. */
export interface CauseRequest {
  /** `MODEL` of docs/cli.md. */
  readonly model: string;
  readonly dtype?: string | undefined;
  readonly addresses: readonly NeuronAddress[];
  readonly embeddedModel: string;
  readonly threads?: number | undefined;
}

/** A whole model that is open twice: as it is, and with neurons that each run may change. */
export interface Cause {
  readonly modelPackage: ModelPackage;
  readonly analysed: AnalysedPart;
  readonly sites: readonly LocatedSite[];
  readonly tokenizer: Tokenizer;
  readonly limits: StackLimits;
  readonly causal: boolean;
  readonly output: string;
  readonly original: StackSession;
  readonly changeable: ChangeableSession;
  /** [neurons] ‖w_out‖ of a layer, read once; null where its output weights cannot be read. */
  outputNorms(located: LocatedSite): Promise<Float64Array | null>;
  /** The text of single tokens, or of some in a row. */
  textOf(ids: readonly number[]): string;
  dispose(): Promise<void>;
}

/**
 * Opens a model whole for changes to the neurons of some layers.
 * @throws LensError where it has no such neurons, where they cannot be changed, or what reading and opening throw
 */
export async function openCause(request: CauseRequest): Promise<Cause> {
  const { model, dtype, addresses, embeddedModel, threads } = request;
  const modelPackage = await resolveModelPackage(model, {
    embeddedModel,
    ...(dtype !== undefined && { dtype }),
  });
  if (modelPackage.tokenizerPath === null) {
    throw new LensError(
      'invalid-tokenizer',
      `There is no tokenizer.json with ${modelPackage.id}. Put the model's own tokenizer.json beside it.`,
    );
  }
  const tokenizer = await openTokenizer(modelPackage.tokenizerPath);
  const style = pieceStyleOf(await readFile(modelPackage.tokenizerPath, 'utf8'));
  const parts = [...new Set(addresses.map(({ part }) => part))];
  if (parts.length > 1) {
    throw new LensError(
      'usage',
      'Neurons of one stack at a time can be changed. Leave those of the other out.',
    );
  }
  const analysed = await analysePart(modelPackage, parts[0] ?? 'model');
  const { index, sites: found } = analysed.analysis;
  if (found.length === 0) throw noFfnFound(modelPackage, analysed);
  const sites = sitesOf(modelPackage, found, addresses);
  const output = resultOf(modelPackage, index);
  const limits = await stackLimits(modelPackage, analysed);
  const { file, weights } = analysed;
  const settings = threads === undefined ? {} : { threads };
  const bytes = new GraphEditor(index).write([output], weights.renamed);
  const original = await StackSession.open(
    { bytes, path: file.path, weightFolder: weights.folder },
    modelPackage,
    settings,
  );
  try {
    const changeable = await ChangeableSession.open(modelPackage, analysed, sites, output, threads);
    const norms = new Map<LocatedSite, Promise<Float64Array | null>>();
    const causal = isCausal(index, modelPackage.config, parts[0] ?? 'model');
    return {
      ...{ modelPackage, analysed, sites, tokenizer, limits, causal, output, original, changeable },
      outputNorms: (located) => {
        const known = norms.get(located) ?? readNorms(analysed, located);
        norms.set(located, known);
        return known;
      },
      textOf: (ids) =>
        textOfPieces(
          ids.map((id) => tokenizer.pieceOf(id)),
          style,
        ),
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

/** A prompt as a model is given it. */
export interface Prompt {
  readonly tokens: readonly ListedToken[];
  readonly ids: Uint32Array;
  /** What is given beside the tokens: of a decoder, the text that its encoder reads. */
  readonly named: NamedArrays;
}

/**
 * The tokens of a prompt, with the special ones that the tokenizer's own configuration puts around a text.
 * @param decoderText of a model with an encoder: what the decoder has written so far
 * @throws LensError `usage` for a text without a token, one that is too long, or one that the model does not know
 */
export async function promptOf(cause: Cause, text: string, decoderText = ''): Promise<Prompt> {
  const { modelPackage, limits, sites, original } = cause;
  const [tokens = []] = await encodeTexts(modelPackage, [text]);
  requireFitting(tokens, modelPackage.id, limits);
  const ids = Uint32Array.from(tokens, ({ id }) => id);
  if (sites[0]?.site.part !== 'decoder' && !original.readsEncoder) return { tokens, ids, named: new Map() };
  const start =
    configNumber(modelPackage.config, 'decoder_start_token_id', 'bos_token_id', 'pad_token_id') ?? 0;
  const written = decoderText === '' ? [] : await plainTokens(cause, decoderText);
  const decoder = [{ id: start, start: 0, end: 0, special: true }, ...written];
  requireFitting(decoder, modelPackage.id, limits);
  const own = decoder.map(({ id }) => id);
  const named: NamedArrays = new Map([
    ['input_ids', { values: [...ids], dims: [1, ids.length] }],
    ['attention_mask', { values: Array<number>(ids.length).fill(1), dims: [1, ids.length] }],
    ['decoder_input_ids', { values: own, dims: [1, own.length] }],
  ]);
  return { tokens: decoder, ids: Uint32Array.from(own), named };
}

/** The tokens of a text without any put around it. */
async function plainTokens({ tokenizer }: Cause, text: string): Promise<ListedToken[]> {
  const { ids, starts, ends, special } = await tokenizer.tokenize(text);
  return Array.from(ids, (id, at) => ({
    id,
    start: starts[at]!,
    end: ends[at]!,
    special: special[at] === 1,
  }));
}

function requireFitting(tokens: readonly ListedToken[], id: string, limits: StackLimits): void {
  if (tokens.length > limits.length) {
    throw new LensError(
      'usage',
      `The text has ${tokens.length} tokens, and ${id} takes ${limits.length}. Give a shorter one.`,
    );
  }
  const stranger = tokens.find((token) => token.id >= (limits.vocabulary ?? Infinity));
  if (!stranger) return;
  throw new LensError(
    'usage',
    `The text holds token ${stranger.id}, and ${id} has embeddings for ${limits.vocabulary} tokens. ` +
      "Leave it out of the text, or put the model's own tokenizer.json beside it.",
  );
}

function sitesOf(
  { id }: ModelPackage,
  found: readonly LocatedSite[],
  addresses: readonly NeuronAddress[],
): LocatedSite[] {
  const sites = addresses.map((address) => {
    const located = found.find(({ site }) => sameSite(site, address));
    if (!located) {
      const names = [...new Set(found.map(({ site }) => formatSite(site)))];
      throw new LensError(
        'not-found',
        `${id} has no layer ${formatSite(address)}. It has ${names[0] ?? ''} to ${names.at(-1) ?? ''}.`,
      );
    }
    if (address.neuron < located.site.dFf) return located;
    throw new LensError(
      'not-found',
      `${id} has no neuron ${formatSite(address)}.N${address.neuron}: the layer has ${located.site.dFf}, ` +
        'counted from 0.',
    );
  });
  return [...new Set(sites)];
}

function resultOf({ id }: ModelPackage, index: GraphIndex): string {
  const found = resultOutput(index);
  if (found !== null) return found;
  throw new LensError('unsupported-model', `${id} gives nothing but caches, so no effect can be seen.`);
}
