import type { Selections } from '../../core/stats/blockReduction';
import { BYTES_OF } from '../../core/common/elements';
import {
  DISTRIBUTION_COLUMNS,
  DISTRIBUTION_NAMES,
  distributionArraysAt,
  type DistributionName,
  extentOf,
} from '../../core/stats/distributionColumns';
import { clearDistributions } from '../../core/stats/distributions';
import { clearSlots } from '../../core/stats/exampleStore';
import { type ExtremeColumns, ExtremeSelection } from '../../core/stats/extremeSelection';
import { octaveBins } from '../../core/stats/octaveBins';
import { SampleSelection } from '../../core/stats/sampleSelection';
import {
  CONTEXT_LENGTH,
  type Distributions,
  EXTREME_COUNT,
  type ExampleStore,
  SAMPLES_PER_SUPER_BIN,
  SUPER_BIN_COUNT,
} from '../../core/stats/siteSummary';
import { columnsBytes, type KernelMemory, type ColumnAddresses } from './kernelMemory';
import { type ColumnSizes, TILE_WIDTH } from './scratchColumns';

const SAMPLE_COUNT = SUPER_BIN_COUNT * SAMPLES_PER_SUPER_BIN;
/** A limit that every hash passes. */
const NO_LIMIT = 0xffffffff;

/** Bytes a neuron of each column; the four tables stand in this order. */
const STATE_COLUMNS: ColumnSizes<DistributionName> = DISTRIBUTION_NAMES.map((name) => [
  name,
  BYTES_OF[DISTRIBUTION_COLUMNS[name].element] * extentOf(name, octaveBins),
]);

const EXAMPLE_COLUMNS = (slots: number) =>
  [
    ['value', 4 * slots],
    ['document', 4 * slots],
    ['token', 4 * slots],
    ['context', 2 * CONTEXT_LENGTH * slots],
  ] as const satisfies ColumnSizes<string>;

const EXTREME_COLUMNS = [
  ...EXAMPLE_COLUMNS(EXTREME_COUNT),
  // A block's extreme that does not reach this is not among the 32 best.
  ['threshold', 4],
  ['used', 1],
  ['worst', 1],
] as const satisfies ColumnSizes<string>;

const SAMPLE_COLUMNS = [
  ...EXAMPLE_COLUMNS(SAMPLE_COUNT),
  ['hash', 4 * SAMPLE_COUNT],
  // A token whose hash is above this is not among the 4 lowest of the super-bin.
  ['limit', 4 * SUPER_BIN_COUNT],
] as const satisfies ColumnSizes<string>;

/** The addresses of the four tables. */
const TABLES = [['tables', 4 * 4]] as const satisfies ColumnSizes<string>;

type Addresses<Table extends ColumnSizes<string>> = ColumnAddresses<Table[number][0]>['at'];

/** What is kept of one site, within a kernel's memory. */
export class SiteMemory {
  readonly distributions: Distributions;
  readonly selections: Selections;
  /** Where the addresses of the site's four tables stand. */
  readonly address: number;
  private readonly used: readonly Uint8Array[];
  private readonly topThreshold: Float32Array;
  private readonly bottomThreshold: Float32Array;
  private readonly sampleLimit: Uint32Array;

  /** @returns null when there is no room left; `clear` it before its first use. */
  static within(memory: KernelMemory, neurons: number): SiteMemory | null {
    if (siteBytes(neurons) > memory.free) return null;
    return new SiteMemory(memory, neurons);
  }

  private constructor(
    memory: KernelMemory,
    readonly neurons: number,
  ) {
    const { buffer } = memory;
    const state = memory.allocateColumns(forTiles(STATE_COLUMNS, neurons))!;
    const top = memory.allocateColumns(forTiles(EXTREME_COLUMNS, neurons))!;
    const bottom = memory.allocateColumns(forTiles(EXTREME_COLUMNS, neurons))!;
    const samples = memory.allocateColumns(forTiles(SAMPLE_COLUMNS, neurons))!;
    this.address = memory.allocateColumns(TABLES)!.at.tables;
    new Uint32Array(buffer, this.address, 4).set([state, top, bottom, samples].map(({ table }) => table));
    const ofTop = extremesAt(buffer, top.at, neurons);
    const ofBottom = extremesAt(buffer, bottom.at, neurons);
    this.used = [ofTop.used, ofBottom.used];
    this.topThreshold = new Float32Array(buffer, top.at.threshold, neurons);
    this.bottomThreshold = new Float32Array(buffer, bottom.at.threshold, neurons);
    this.sampleLimit = new Uint32Array(buffer, samples.at.limit, neurons * SUPER_BIN_COUNT);
    const arrays = distributionArraysAt(buffer, state.at, neurons, octaveBins);
    this.distributions = { neurons, binning: octaveBins, ...arrays };
    this.selections = {
      top: new ExtremeSelection(1, ofTop),
      bottom: new ExtremeSelection(-1, ofBottom),
      samples: new SampleSelection({
        ...examplesAt(buffer, samples.at, SAMPLE_COUNT, neurons),
        hash: new Uint32Array(buffer, samples.at.hash, neurons * SAMPLE_COUNT),
      }),
    };
  }

  /** Makes the site one that has seen no token. */
  clear(): void {
    const { top, bottom, samples } = this.selections;
    clearDistributions(this.distributions);
    for (const { store } of [top, bottom, samples]) clearSlots(store, 0, store.document.length);
    for (const used of this.used) used.fill(0);
    this.topThreshold.fill(-Infinity);
    this.bottomThreshold.fill(Infinity);
    samples.store.hash.fill(0);
    this.sampleLimit.fill(NO_LIMIT);
  }
}

/** What a site takes of a memory. */
export function siteBytes(neurons: number): number {
  return [STATE_COLUMNS, EXTREME_COLUMNS, EXTREME_COLUMNS, SAMPLE_COLUMNS].reduce(
    (sum, columns) => sum + columnsBytes(forTiles<string>(columns, neurons)),
    columnsBytes(TABLES),
  );
}

function forTiles<Name extends string>(columns: ColumnSizes<Name>, neurons: number): ColumnSizes<Name> {
  const width = TILE_WIDTH * Math.ceil(neurons / TILE_WIDTH);
  return columns.map(([name, bytes]) => [name, bytes * width] as const);
}

function extremesAt(
  buffer: ArrayBuffer | SharedArrayBuffer,
  at: Addresses<typeof EXTREME_COLUMNS>,
  neurons: number,
): ExtremeColumns {
  return {
    store: examplesAt(buffer, at, EXTREME_COUNT, neurons),
    used: new Uint8Array(buffer, at.used, neurons),
    worst: new Uint8Array(buffer, at.worst, neurons),
  };
}

function examplesAt(
  buffer: ArrayBuffer | SharedArrayBuffer,
  at: Addresses<ReturnType<typeof EXAMPLE_COLUMNS>>,
  slots: number,
  neurons: number,
): ExampleStore {
  const count = neurons * slots;
  return {
    slots,
    value: new Float32Array(buffer, at.value, count),
    document: new Uint32Array(buffer, at.document, count),
    token: new Uint32Array(buffer, at.token, count),
    context: new Uint16Array(buffer, at.context, count * CONTEXT_LENGTH),
  };
}
