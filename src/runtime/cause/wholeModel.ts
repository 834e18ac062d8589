import { readFile } from 'node:fs/promises';
import { LensError } from '../../core/common/errors';
import { formatSite, sameSite, type NeuronAddress, type Part } from '../../core/common/neuronAddress';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { pieceStyleOf, textOfPieces } from '../../core/text/pieceText';
import type { Tokenizer } from '../../core/text/tokenizer';
import { configNumber } from '../models/modelConfig';
import { requireTokenizer, resolveModelPackage, type ModelPackage } from '../models/modelPackage';
import { analysePart, type AnalysedPart } from '../onnxruntime/analysedPart';
import { listTokens, type ListedToken } from '../onnxruntime/encodeTexts';
import type { NamedArrays } from '../onnxruntime/namedInputs';
import { noFfnFound } from '../onnxruntime/openActivationModel';
import { probeTokens } from '../onnxruntime/probeTokens';
import { ENCODER_STATES } from '../onnxruntime/stackSession';
import { stackLimits, type StackLimits } from '../onnxruntime/stackLimits';
import { openTokenizer } from '../tokenizers/openTokenizer';

/** Which model. */
export interface WholeModelRequest {
  /** `MODEL` of docs/cli.md. */
  readonly model: string;
  readonly dtype?: string | undefined;
  readonly embeddedModel: string;
  readonly threads?: number | undefined;
}

/** A model as it is on disk, with its tokenizer: what prompts are made for. */
export interface WholeModel {
  readonly modelPackage: ModelPackage;
  readonly analysed: AnalysedPart;
  readonly part: Part;
  readonly tokenizer: Tokenizer;
  readonly limits: StackLimits;
  /** The text of single tokens, or of some in a row. */
  textOf(ids: readonly number[]): string;
}

/**
 * Reads a model and its tokenizer.
 * @param part the stack that is meant; null: the one that writes, where there are two
 * @throws LensError `invalid-tokenizer` without one, `no-ffn-found`, or what reading throws
 */
export async function readWholeModel(request: WholeModelRequest, part: Part | null): Promise<WholeModel> {
  const { model, dtype, embeddedModel } = request;
  const modelPackage = await resolveModelPackage(model, {
    embeddedModel,
    ...(dtype !== undefined && { dtype }),
  });
  const tokenizerPath = requireTokenizer(modelPackage);
  const tokenizer = await openTokenizer(tokenizerPath);
  const style = pieceStyleOf(await readFile(tokenizerPath, 'utf8'));
  const analysed = await analysePart(modelPackage, part ?? writingFile(modelPackage));
  if (analysed.analysis.sites.length === 0) throw noFfnFound(modelPackage, analysed);
  const limits = await stackLimits(modelPackage, analysed);
  return {
    ...{ modelPackage, analysed, tokenizer, limits },
    part: part ?? writingPart(analysed),
    textOf: (ids) =>
      textOfPieces(
        ids.map((id) => tokenizer.pieceOf(id)),
        style,
      ),
  };
}

function writingFile({ parts }: ModelPackage): Part {
  return parts.has('decoder') ? 'decoder' : 'model';
}

function writingPart({ analysis: { sites } }: AnalysedPart): Part {
  const parts = new Set(sites.map(({ site }) => site.part));
  return parts.has('decoder') ? 'decoder' : (sites[0]?.site.part ?? 'model');
}

/** Whether it is the stack that is meant where none is named. */
export function isWritingStack({ modelPackage: { parts }, analysed, part }: WholeModel): boolean {
  const { file } = analysed;
  return (!parts.has('decoder') || parts.get('decoder') === file) && part === writingPart(analysed);
}

/** A prompt as a model is given it. */
export interface Prompt {
  /** What the output is about: the text, or where there is a decoder, what that has written so far. */
  readonly tokens: readonly ListedToken[];
  readonly ids: Uint32Array;
  /** Tokens of the stack that is meant: of an encoder, those of the text. */
  readonly length: number;
  /** What is given beside the tokens: of a decoder, the text that its encoder reads. */
  readonly named: NamedArrays;
}

/**
 * The tokens of a prompt, with the special ones that the tokenizer's own configuration puts around a text.
 * @param decoderText of a model with an encoder: what the decoder has written so far
 * @throws LensError `usage` for a text without a token, one that is too long, or one that the model does not know
 */
export async function promptOf(whole: WholeModel, text: string, decoderText = ''): Promise<Prompt> {
  const { modelPackage, limits } = whole;
  const [tokens = []] = await listTokens(whole.tokenizer, [text]);
  requireFitting(tokens, modelPackage.id, limits);
  if (!hasDecoder(whole)) return promptOfTokens(whole, tokens, []);
  const written = decoderText === '' ? [] : await plainTokens(whole.tokenizer, decoderText);
  const decoder = [startToken(whole), ...written];
  requireFitting(decoder, modelPackage.id, limits);
  return promptOfTokens(whole, tokens, decoder);
}

/** A fixed text, as much of it as the model takes. */
export async function probePrompt(whole: WholeModel): Promise<Prompt> {
  const ids = await probeTokens(whole.modelPackage, whole.limits);
  const tokens = Array.from(ids, (id) => ({ id, start: 0, end: 0, special: false }));
  return promptOfTokens(whole, tokens, [startToken(whole), ...tokens.slice(1)]);
}

function startToken({ modelPackage: { config } }: WholeModel): ListedToken {
  const id = configNumber(config, 'decoder_start_token_id', 'bos_token_id', 'pad_token_id') ?? 0;
  return { id, start: 0, end: 0, special: true };
}

function promptOfTokens(
  whole: WholeModel,
  tokens: readonly ListedToken[],
  decoder: readonly ListedToken[],
): Prompt {
  const ids = Uint32Array.from(tokens, ({ id }) => id);
  if (!hasDecoder(whole)) return { tokens, ids, length: ids.length, named: new Map() };
  const own = decoder.map(({ id }) => id);
  const named: NamedArrays = new Map([
    ['input_ids', { values: [...ids], dims: [1, ids.length] }],
    ['attention_mask', { values: Array<number>(ids.length).fill(1), dims: [1, ids.length] }],
    ['decoder_input_ids', { values: own, dims: [1, own.length] }],
  ]);
  const length = whole.part === 'encoder' ? ids.length : own.length;
  return { tokens: decoder, ids: Uint32Array.from(own), length, named };
}

/** Whether a decoder writes what the output is about, and an encoder reads the text. */
export function hasDecoder({ part, modelPackage, analysed }: WholeModel): boolean {
  const { inputs } = analysed.analysis.index.graph;
  return (
    part === 'decoder' ||
    (part === 'encoder' && modelPackage.parts.has('decoder')) ||
    inputs.some(({ name }) => name === ENCODER_STATES || name === 'decoder_input_ids')
  );
}

/** What is said where a decoder's text is given to a model that has none. */
export function withoutDecoder({ modelPackage: { id } }: WholeModel): string {
  return `${id} has no decoder apart from what reads the text: the decoder's text is left out.`;
}

/** The tokens of a text without any put around it. */
export async function plainTokens(tokenizer: Tokenizer, text: string): Promise<ListedToken[]> {
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

/** The sites of some neurons. @throws LensError `not-found` for one that the model does not have */
export function sitesOf(
  { modelPackage: { id }, analysed }: WholeModel,
  addresses: readonly NeuronAddress[],
): LocatedSite[] {
  const found = analysed.analysis.sites;
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
