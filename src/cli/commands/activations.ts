import path from 'node:path';
import type { Command } from 'commander';
import type { Part } from '../../core/common/neuronAddress';
import { LensError } from '../../core/common/errors';
import { encodeNpy } from '../../core/common/npy';
import type { Quantity } from '../../core/onnx/site';
import { readText } from '../../runtime/files/readText';
import { writeAtomically } from '../../runtime/files/writeAtomically';
import { resolveModelPackage, type ModelPackage } from '../../runtime/models/modelPackage';
import { batchOf, maskOf, readNamedArrays, type NamedArrays } from '../../runtime/onnxruntime/namedInputs';
import { analysePart } from '../../runtime/onnxruntime/analysedPart';
import { openActivationModel } from '../../runtime/onnxruntime/openActivationModel';
import { stackGrids, tokenGrid, type TokenGrid } from '../../runtime/onnxruntime/tokenGrid';
import {
  batchOfText,
  encodeTexts,
  tokensOfInputs,
  type ListedToken,
} from '../../runtime/onnxruntime/encodeTexts';
import type { OnnxActivationModel } from '../../runtime/onnxruntime/onnxActivationModel';
import type { SiteActivations } from '../../core/onnx/activationModel';
import { EMBEDDED_MODEL, interruptSignal } from '../environment';
import { partOption, positiveInteger, quantities, wholeNumber } from '../options';
import { printJson, printLine, printNotice } from '../output/print';

interface ActivationsFlags {
  text?: string[];
  file?: string;
  inputs?: string;
  layer: number | 'all';
  part?: Part;
  quantity: Quantity[];
  dtype?: string;
  threads?: number;
  out: string;
  json: boolean;
}

/** `activations MODEL`: the raw activations of a text, for other programs. */
export function registerActivationsCommand(program: Command): void {
  program
    .command('activations')
    .description('Writes the raw activations of a text or of given inputs as .npy, [batch, tokens, neurons].')
    .argument('<model>', 'a folder, an .onnx file, a Hub id, or "default"')
    .option('--text <text>', 'a text; given more than once, a batch', append)
    .option('--file <file>', 'a file with the text')
    .option('--inputs <file>', 'a JSON file of model inputs by name, as nested arrays')
    .requiredOption('--layer <number|all>', 'which layer', layerNumber)
    .addOption(partOption())
    .option('--quantity <names>', 'act, pre, gate, up; several with commas', quantities, ['act'])
    .option('--dtype <type>', "which of the model's files: fp32, fp16, q8, q4, …")
    .option('--threads <number>', 'threads of onnxruntime', positiveInteger)
    .requiredOption('--out <file|folder>', 'a .npy file for one tensor, a folder for several')
    .option('--json', 'print JSON', false)
    .action(writeActivations);
}

interface Grid extends TokenGrid {
  readonly file: string;
}

async function writeActivations(model: string, flags: ActivationsFlags): Promise<void> {
  const modelPackage = await resolveModelPackage(model, {
    embeddedModel: EMBEDDED_MODEL,
    ...(flags.dtype !== undefined && { dtype: flags.dtype }),
  });
  const inputs = await readInputs(modelPackage, flags);
  const grids: Grid[] = [];
  for (const part of await stacksOf(modelPackage, flags.part)) {
    grids.push(...(await runStack(modelPackage, part, inputs, flags)));
  }
  const whole = flags.out.endsWith('.npy');
  if (whole && grids.length !== 1) {
    const names = grids.map(({ file }) => file).join(', ');
    throw new LensError('usage', `There are ${grids.length} tensors (${names}). Give a folder with --out.`);
  }
  for (const { file, values, shape } of grids) {
    await writeAtomically(whole ? flags.out : path.join(flags.out, file), [encodeNpy(values, shape)]);
  }
  const shape = grids[0]?.shape;
  const files = grids.map((grid) => ({ file: whole ? flags.out : grid.file, shape: grid.shape }));
  if (flags.json) printJson({ tokens: inputs.tokens, shape, out: flags.out, files });
  else for (const { file, shape: sizes } of files) printLine(`${file}  [${sizes.join(', ')}]`);
}

/** What is run: texts, or inputs of the model by name. */
interface Inputs {
  /** A list for each row of the batch. */
  readonly tokens: readonly (readonly ListedToken[])[];
  readonly named: NamedArrays | null;
}

async function readInputs(modelPackage: ModelPackage, flags: ActivationsFlags): Promise<Inputs> {
  if (flags.inputs !== undefined) {
    const named = readNamedArrays(
      parseJson(await readText(flags.inputs, interruptSignal(), printNotice), flags.inputs),
    );
    return { tokens: tokensOfInputs(named), named };
  }
  const texts =
    flags.text ??
    (flags.file === undefined ? [] : [await readText(flags.file, interruptSignal(), printNotice)]);
  if (texts.length > 0) return { tokens: await encodeTexts(modelPackage, texts), named: null };
  throw new LensError('usage', 'Give a text with --text or --file, or model inputs with --inputs.');
}

/** The stacks to run: the one asked for, else all that have neurons. */
async function stacksOf(modelPackage: ModelPackage, wanted: Part | undefined): Promise<Part[]> {
  if (wanted !== undefined || !modelPackage.parts.has('model')) {
    return wanted === undefined ? [...modelPackage.parts.keys()] : [wanted];
  }
  const { analysis } = await analysePart(modelPackage, 'model');
  const parts = new Set(analysis.sites.map(({ site }) => site.part));
  return parts.size === 0 ? ['model'] : [...parts];
}

async function runStack(
  modelPackage: ModelPackage,
  part: Part,
  { tokens, named }: Inputs,
  flags: ActivationsFlags,
): Promise<Grid[]> {
  const { layer, quantity, threads } = flags;
  const model = await openActivationModel(modelPackage, {
    part,
    quantities: quantity,
    ...(layer !== 'all' && { layers: [layer, layer] }),
    ...(threads !== undefined && { threads }),
  });
  try {
    return named ? await gridsOfInputs(model, part, named) : await gridsOfTexts(model, tokens);
  } finally {
    await model.dispose();
  }
}

async function gridsOfInputs(model: OnnxActivationModel, part: Part, named: NamedArrays): Promise<Grid[]> {
  const isDecoder = part === 'decoder';
  const { rows, width } = batchOf(named, isDecoder);
  const mask = maskOf(named, isDecoder);
  return (await model.runNamed(named)).map((activations) => ({
    file: fileName(activations),
    ...tokenGrid(activations, rows * width, mask),
  }));
}

/** Each text is run on its own: its values are to be those that it has whatever stands beside it. */
async function gridsOfTexts(model: OnnxActivationModel, texts: Inputs['tokens']): Promise<Grid[]> {
  const grids: TokenGrid[][] = [];
  for (const tokens of texts) {
    const activations = await model.runInputs(batchOfText(tokens, model), new Map());
    activations.forEach((one, tensor) => (grids[tensor] ??= []).push(tokenGrid(one, tokens.length, null)));
  }
  return model.outputs.map((output, tensor) => ({
    file: fileName(output),
    ...stackGrids(grids[tensor] ?? []),
  }));
}

/** `<part>.layer<L>[.block<K>][.expert<E>].<quantity>.npy` */
function fileName({ site, quantity }: Pick<SiteActivations, 'site' | 'quantity'>): string {
  const block = site.block === null ? '' : `.block${site.block}`;
  const expert = site.expert === null ? '' : `.expert${site.expert}`;
  return `${site.part}.layer${site.layer}${block}${expert}.${quantity}.npy`;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LensError('usage', `${file} is not valid JSON.`, { cause });
  }
}

function append(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text];
}

function layerNumber(text: string): number | 'all' {
  return text === 'all' ? text : wholeNumber(text);
}
