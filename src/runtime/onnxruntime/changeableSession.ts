import type { NeuronAddress } from '../../core/common/neuronAddress';
import { formatSite, sameSite } from '../../core/common/neuronAddress';
import { LensError } from '../../core/common/errors';
import type { Change } from '../../core/cause/change';
import type { LocatedSite } from '../../core/onnx/modelAnalysis';
import { halfToNumber } from '../../core/onnx/protobuf/tensorNumbers';
import { makeChangeable, type ChangeableSite } from '../../core/onnx/surgery/intervene';
import type { ModelPackage } from '../models/modelPackage';
import { Tensor } from './library';
import type { NamedArrays } from './namedInputs';
import type { AnalysedPart } from './analysedPart';
import { StackSession } from './stackSession';

/** The changes of one row of a batch. */
export interface ChangedRow {
  readonly changes: readonly Change[];
  /** [tokens] 1 where they hold. */
  readonly at: Uint8Array;
}

/** What a run gives for one row. */
export interface RowOutput {
  /** [tokens × width], or [width] where the output has no tokens. */
  readonly values: Float32Array;
  readonly width: number;
}

/** Megabytes of output that one batch may have, so that memory does not grow with the vocabulary. */
const MOST_OUTPUT = 256 * 2 ** 20;

/** A whole model, open once, in which each row of a batch may have other neurons changed. */
export class ChangeableSession {
  private constructor(
    private readonly session: StackSession,
    private readonly sites: readonly (LocatedSite & { readonly inputs: ChangeableSite })[],
    private readonly output: string,
    /** Rows that may run together: 1 where a row's values depend on its batch-mates. */
    readonly rows: number,
  ) {}

  /** @throws LensError `unsupported-model` where the neurons of a site cannot be changed, or onnxruntime's reason */
  static async open(
    modelPackage: ModelPackage,
    { analysis, file, weights }: AnalysedPart,
    sites: readonly LocatedSite[],
    output: string,
    threads?: number,
  ): Promise<ChangeableSession> {
    const model = makeChangeable(analysis.index, sites, [output], weights.renamed);
    const runnable = { bytes: model.bytes, path: file.path, weightFolder: weights.folder };
    const session = await StackSession.open(runnable, modelPackage, threads === undefined ? {} : { threads });
    const alone = analysis.index.graph.nodes.some(({ opType }) => /^DynamicQuantize/.test(opType));
    const found = sites.map((site, at) => ({ ...site, inputs: model.sites[at]! }));
    return new ChangeableSession(session, found, output, alone ? 1 : Infinity);
  }

  /**
   * Runs one text once for each row of changes.
   * @param alone runs each row by itself
   * @param width of the output at a token, to keep batches within memory; 0 while it is not known
   */
  async run(
    ids: Uint32Array,
    rows: readonly ChangedRow[],
    width: number,
    named: NamedArrays = new Map(),
    alone = false,
  ): Promise<RowOutput[]> {
    const together = Math.max(1, Math.floor(MOST_OUTPUT / (4 * Math.max(1, width) * ids.length)));
    const most = width === 0 || alone ? 1 : Math.min(this.rows, together);
    const outputs: RowOutput[] = [];
    for (let first = 0; first < rows.length; first += most) {
      outputs.push(...(await this.runBatch(ids, rows.slice(first, first + most), named)));
    }
    return outputs;
  }

  /** The values of all neurons of a site, unchanged. @returns [tokens × neurons] */
  async activations(
    ids: Uint32Array,
    address: NeuronAddress,
    named: NamedArrays = new Map(),
  ): Promise<Float32Array> {
    const place = this.placeOf(address);
    const { site, inputs } = this.sites[place]!;
    const batch = this.session.fitted(oneRow(ids, 1));
    const all = Array.from({ length: site.dFf }, (_, neuron) => neuron);
    const tensors = this.tensors(batch, [], new Map([[place, all]]));
    const results = await this.session.run(batch, named, { [inputs.before]: null }, tensors);
    const { data, dims } = results[inputs.before]!;
    const values = data as Float32Array;
    const count = values.length / site.dFf;
    const scale = inputs.unit;
    if (!inputs.tokensLast && count >= ids.length) {
      return values.subarray(0, ids.length * site.dFf).map((value) => value * scale);
    }
    const tokens = dims.at(-1) ?? 0;
    const turned = new Float32Array(ids.length * site.dFf).fill(NaN);
    if (!inputs.tokensLast) return turned;
    for (let token = 0; token < ids.length; token++) {
      for (let neuron = 0; neuron < site.dFf; neuron++) {
        turned[token * site.dFf + neuron] = values[neuron * tokens + token]! * scale;
      }
    }
    return turned;
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }

  private async runBatch(
    ids: Uint32Array,
    rows: readonly ChangedRow[],
    named: NamedArrays,
  ): Promise<RowOutput[]> {
    const batch = this.session.fitted(oneRow(ids, rows.length));
    const tensors = this.tensors(batch, rows, new Map());
    const repeated = repeatRows(named, batch.rows);
    const results = await this.session.run(batch, repeated, { [this.output]: null }, tensors);
    const { data, dims } = results[this.output]!;
    const values = floatsOf(data);
    const size = values.length / batch.rows;
    const width = dims.at(-1) ?? 0;
    const kept = dims.length > 2 ? Math.min(size, ids.length * width) : size;
    return rows.map((_, row) => ({ values: values.subarray(row * size, row * size + kept), width }));
  }

  /** @param wanted neurons that are looked at and not changed, by site */
  private tensors(
    batch: { readonly rows: number; readonly width: number },
    rows: readonly ChangedRow[],
    wanted: ReadonlyMap<number, readonly number[]>,
  ): Map<string, Tensor> {
    const tensors = new Map<string, Tensor>();
    this.sites.forEach(({ inputs, site }, place) => {
      const changed = rows.flatMap(({ changes }) =>
        changes.filter(({ address }) => this.placeOf(address) === place).map(({ address }) => address.neuron),
      );
      const neurons = [...new Set(wanted.get(place) ?? (changed.length > 0 ? changed : [0]))];
      const columns = new Map(neurons.map((neuron, column) => [neuron, column]));
      const count = batch.rows * batch.width * neurons.length;
      const arrays = [1, 0, -Infinity, Infinity].map((value) => new Float32Array(count).fill(value));
      rows.forEach(({ changes, at }, row) => {
        for (const { address, scale, shift, low, high } of changes) {
          const column = columns.get(address.neuron);
          if (column === undefined || !sameSite(address, site)) continue;
          at.forEach((isMeant, token) => {
            if (isMeant === 0) return;
            const place = inputs.tokensLast
              ? (row * neurons.length + column) * batch.width + token
              : (row * batch.width + token) * neurons.length + column;
            const amount = typeof shift === 'number' ? shift : shift[token]!;
            [scale, amount / inputs.unit, low / inputs.unit, high / inputs.unit].forEach(
              (value, which) => (arrays[which]![place] = value),
            );
          });
        }
      });
      const shape = inputs.tokensLast
        ? [batch.rows, neurons.length, batch.width]
        : [batch.rows, batch.width, neurons.length];
      tensors.set(inputs.neurons, new Tensor('int64', BigInt64Array.from(neurons, BigInt), [neurons.length]));
      [inputs.scale, inputs.shift, inputs.low, inputs.high].forEach((name, which) =>
        tensors.set(name, new Tensor('float32', arrays[which]!, shape)),
      );
    });
    return tensors;
  }

  private placeOf(address: NeuronAddress): number {
    const place = this.sites.findIndex(({ site }) => sameSite(site, address));
    if (place >= 0 && address.neuron < this.sites[place]!.site.dFf) return place;
    throw new LensError('not-found', `The model has no neuron ${formatSite(address)}.N${address.neuron}.`);
  }
}

function oneRow(ids: Uint32Array, rows: number) {
  const all = new Uint32Array(rows * ids.length);
  for (let row = 0; row < rows; row++) all.set(ids, row * ids.length);
  return { rows, width: ids.length, ids: all, lengths: new Uint32Array(rows).fill(ids.length) };
}

/** Inputs that are the same in every row of a batch. */
function repeatRows(named: NamedArrays, rows: number): NamedArrays {
  return new Map(
    [...named].map(([name, { values, dims }]) => {
      if (dims.length < 2 || dims[0] !== 1) return [name, { values, dims }];
      const repeated = Array.from({ length: rows }, () => values).flat();
      return [name, { values: repeated, dims: [rows, ...dims.slice(1)] }];
    }),
  );
}

/** The elements of an output as numbers: half precision comes as its bits. */
export function floatsOf(data: Tensor['data']): Float32Array {
  if (data instanceof Float32Array) return data;
  return data instanceof Uint16Array
    ? Float32Array.from(data, halfToNumber)
    : Float32Array.from(data as ArrayLike<number>);
}
