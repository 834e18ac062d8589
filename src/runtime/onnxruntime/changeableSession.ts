import { formatSite, sameSite, type NeuronAddress } from '../../core/common/neuronAddress';
import { LensError } from '../../core/common/errors';
import type { Change } from '../../core/cause/change';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import type { Quantity } from '../../core/onnx/site';
import type { TokenBatch } from '../../core/onnx/activationModel';
import type { ExposedTensors } from '../../core/onnx/surgery/expose';
import { makeChangeable, type ChangeableSite } from '../../core/onnx/surgery/intervene';
import type { ModelPackage } from '../models/modelPackage';
import { Tensor } from './library';
import type { NamedArrays } from './namedInputs';
import type { AnalysedPart } from './analysedPart';
import type { ReadingDecoder } from './readingDecoder';
import { repeatRow, repeatRows, rowsOfOutput, type RowOutput } from './repeatedRows';
import type { SessionSettings } from './session';
import { StackSession } from './stackSession';

/** The changes of one row of a batch. */
export interface ChangedRow {
  readonly changes: readonly Change[];
  /** [tokens of the stack whose neurons are changed] 1 where they hold. */
  readonly at: Uint8Array;
}

/** What a batch is run on, the same in every row. */
export interface RunText {
  /** What the stack reads that writes the output. */
  readonly ids: Uint32Array;
  /** What is given beside: of a decoder, the text that its encoder reads. */
  readonly named: NamedArrays;
}

/** How a model is opened for changes. */
export interface ChangeableOptions extends SessionSettings {
  readonly quantity?: Quantity;
  /** Of an encoder in a file of its own: what reads its output. */
  readonly reader?: ReadingDecoder | null;
  /** Further outputs, such as caches. */
  readonly beside?: readonly string[];
  /** Whether runs may tell the neurons as well. */
  readonly tells?: boolean;
  /** As in `ChangeableWishes`. */
  readonly headInput?: string | null;
}

/** What earlier passes over a text left. */
export interface Past {
  readonly tokens: number;
  readonly caches: ReadonlyMap<string, Tensor>;
}

/** Bytes of output that one batch may have, so that memory does not grow with the vocabulary. */
const MOST_OUTPUT = 256 * 2 ** 20;

/** A whole model, open once, in which each row of a batch may have other neurons changed. */
export class ChangeableSession {
  private constructor(
    readonly session: StackSession,
    private readonly sites: readonly (LocatedSite & { readonly inputs: ChangeableSite })[],
    readonly output: string,
    readonly reader: ReadingDecoder | null,
    /** Rows that may run together: 1 where a row's values depend on its batch-mates. */
    readonly rows: number,
    /** Whether one scale holds for all that is run, so that fewer tokens have other values. */
    readonly sharesScale: boolean,
    /** By which runs tell the neurons; null unless asked for. */
    readonly told: ExposedTensors | null,
    /** The input that says at which tokens the output is wanted; null where it is given at all. */
    private readonly readAt: string | null,
  ) {}

  /**
   * @param output of the stack, or where it is read by a decoder, what that reads
   * @throws LensError `unsupported-model` where the neurons of a site cannot be changed, or onnxruntime's reason
   */
  static async open(
    modelPackage: ModelPackage,
    { analysis, file, weights }: AnalysedPart,
    sites: readonly LocatedSite[],
    output: string,
    {
      quantity = 'act',
      reader = null,
      beside = [],
      tells = false,
      headInput = null,
      ...settings
    }: ChangeableOptions,
  ): Promise<ChangeableSession> {
    const wishes = { renamed: weights.renamed, quantity, tells, headInput };
    const model = makeChangeable(analysis.index, sites, [output, ...beside], wishes);
    const runnable = { bytes: model.bytes, path: file.path, weightFolder: weights.folder };
    const session = await StackSession.open(runnable, modelPackage, settings);
    const alone = analysis.index.graph.nodes.some(({ opType }) => /^DynamicQuantize/.test(opType));
    const found = sites.map((site, at) => ({ ...site, inputs: model.sites[at]! }));
    const rows = alone ? 1 : (session.fixed.rows ?? Infinity);
    return new ChangeableSession(session, found, output, reader, rows, alone, model.told, model.readAt);
  }

  /**
   * Runs one text once for each row of changes.
   * @param width of the output at a token, to keep batches within memory; 0 while it is not known: then row by row
   * @param alone runs each row by itself
   * @param last whether the output of the last token is enough: the others are then left out where the model can do so
   */
  async run(
    text: RunText,
    rows: readonly ChangedRow[],
    width: number,
    { alone = false, last = false }: { readonly alone?: boolean; readonly last?: boolean } = {},
  ): Promise<RowOutput[]> {
    const tokens = last && this.readAt !== null ? 1 : text.ids.length;
    const together = Math.max(1, Math.floor(MOST_OUTPUT / (4 * Math.max(1, width) * tokens)));
    const most = width === 0 || alone ? 1 : Math.min(this.rows, together);
    const outputs: RowOutput[] = [];
    for (let first = 0; first < rows.length; first += most) {
      outputs.push(...(await this.runBatch(text, rows.slice(first, first + most), last)));
    }
    return outputs;
  }

  /**
   * Runs the tokens that follow those of earlier passes, in one row.
   * @param row of the new tokens
   * @param kept outputs that are wanted beside
   * @returns the output of the last token at least
   */
  async runOn(
    { ids, named }: RunText,
    row: ChangedRow,
    { tokens, caches }: Past,
    kept: readonly string[],
  ): Promise<{ readonly output: RowOutput; readonly beside: ReadonlyMap<string, Tensor> }> {
    const changes = this.tensors({ rows: 1, width: ids.length }, [row]);
    const read = this.readTokens(ids.length, true);
    const given = new Map([...this.session.atEveryToken, ...changes, ...read, ...caches]);
    const fetches = Object.fromEntries([this.output, ...kept].map((name) => [name, null]));
    const results = await this.session.run(repeatRow(ids, 1), named, fetches, given, tokens);
    return {
      output: rowsOfOutput(results[this.output]!, 1, ids.length)[0]!,
      beside: new Map(kept.map((name) => [name, results[name]!])),
    };
  }

  /** Whether each run may have as many rows and tokens as it likes. */
  get isFree(): boolean {
    return this.session.fixed.rows === null && this.session.fixed.length === null;
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }

  /** The inputs of a run of one row in which nothing is changed. */
  nothingChanged(text: RunText, batch: TokenBatch): Map<string, Tensor> {
    return new Map([...this.tensors(this.sizeOf(text, batch), []), ...this.readTokens(batch.width, false)]);
  }

  /** Says at which tokens the output is wanted. */
  private readTokens(tokens: number, last: boolean): Map<string, Tensor> {
    if (this.readAt === null) return new Map();
    const places = BigInt64Array.from({ length: last ? 1 : tokens }, (_, at) =>
      BigInt(last ? tokens - 1 : at),
    );
    return new Map([[this.readAt, new Tensor('int64', places, [places.length])]]);
  }

  /** Rows and tokens of the stack whose neurons are changed. */
  private sizeOf({ named }: RunText, { rows, width }: TokenBatch): { rows: number; width: number } {
    // Of an encoder in one graph with its decoder, the text is as long as its own ids are.
    const source = this.sites[0]?.site.part === 'encoder' ? named.get('input_ids') : undefined;
    return { rows, width: source?.values.length ?? width };
  }

  private async runBatch(text: RunText, rows: readonly ChangedRow[], last: boolean): Promise<RowOutput[]> {
    const { ids, named } = text;
    const batch = this.session.fitted(repeatRow(this.ownIds(text), rows.length));
    const tensors = this.tensors(this.sizeOf(text, batch), rows);
    const read = this.readTokens(batch.width, last);
    const given = new Map([...this.session.atEveryToken, ...tensors, ...read]);
    const repeated = repeatRows(named, batch.rows);
    const results = await this.session.run(batch, repeated, { [this.output]: null }, given);
    const result = results[this.output]!;
    const output = this.reader ? await this.reader.read(result, ids, batch.rows, named) : result;
    return rowsOfOutput(output, batch.rows, ids.length).slice(0, rows.length);
  }

  /** What the stack itself reads: of an encoder, the text. */
  ownIds({ ids, named }: RunText): Uint32Array {
    const source = named.get('input_ids');
    return this.reader && source ? Uint32Array.from(source.values) : ids;
  }

  private tensors(
    size: { readonly rows: number; readonly width: number },
    rows: readonly ChangedRow[],
  ): Map<string, Tensor> {
    for (const { changes } of rows) for (const { address } of changes) this.requireNeuron(address);
    const tensors = new Map<string, Tensor>();
    for (const { inputs, site } of this.sites) {
      const ofSite = rows.map(({ changes, at }) => ({
        changes: changes.filter(({ address }) => sameSite(address, site)),
        at,
      }));
      const changed = ofSite.flatMap(({ changes }) => changes.map(({ address }) => address.neuron));
      const neurons = changed.length > 0 ? [...new Set(changed)] : [0];
      const shape = inputs.tokensLast
        ? [size.rows, neurons.length, size.width]
        : [size.rows, size.width, neurons.length];
      const arrays = changeArrays(ofSite, neurons, size, inputs);
      tensors.set(inputs.neurons, new Tensor('int64', BigInt64Array.from(neurons, BigInt), [neurons.length]));
      [inputs.scale, inputs.shift, inputs.low, inputs.high].forEach((name, which) =>
        tensors.set(name, new Tensor('float32', arrays[which]!, shape)),
      );
    }
    return tensors;
  }

  private requireNeuron(address: NeuronAddress): void {
    const located = this.sites.find(({ site }) => sameSite(site, address));
    if (located && address.neuron < located.site.dFf) return;
    throw new LensError('not-found', `The model has no neuron ${formatSite(address)}.N${address.neuron}.`);
  }
}

/** [rows × tokens × neurons] of scale, shift, low and high, in the layout that the site's inputs have. */
function changeArrays(
  rows: readonly ChangedRow[],
  neurons: readonly number[],
  size: { readonly rows: number; readonly width: number },
  { tokensLast, unit }: ChangeableSite,
): Float32Array[] {
  const columns = new Map(neurons.map((neuron, column) => [neuron, column]));
  const count = size.rows * size.width * neurons.length;
  const arrays = [1, 0, -Infinity, Infinity].map((value) => new Float32Array(count).fill(value));
  rows.forEach(({ changes, at }, row) => {
    for (const { address, scale, shift, low, high } of changes) {
      const column = columns.get(address.neuron)!;
      at.forEach((isMeant, token) => {
        if (isMeant === 0) return;
        const place = tokensLast
          ? (row * neurons.length + column) * size.width + token
          : (row * size.width + token) * neurons.length + column;
        const amount = typeof shift === 'number' ? shift : shift[token]!;
        [scale, amount / unit, low / unit, high / unit].forEach(
          (value, which) => (arrays[which]![place] = value),
        );
      });
    }
  });
  return arrays;
}
