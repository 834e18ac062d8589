import type { ReductionState } from '../../core/stats/blockReduction';
import { BIN_COUNT, BLOCK_LENGTH, SUPER_BIN_COUNT } from '../../core/stats/siteSummary';
import { reductionKernel } from './reductionKernel';

/** Neurons that the kernel handles at once: columns are laid out for whole tiles. */
const TILE_WIDTH = 16;
const PAGE = 65536;
/** 4 GiB: what 32-bit addresses reach. What does not fit is allocated elsewhere. */
const MOST_PAGES = 65536;
/** What the compiler keeps for itself lies under this address. */
const FIRST_ADDRESS = 1024;
const ALIGNMENT = 64;
const POINTER_BYTES = 4;

type Column = Exclude<keyof ReductionState, 'neurons'>;

/** Bytes a neuron of each column, in the order in which the kernel expects their addresses (assembly/layout.ts). */
const STATE_COLUMNS: readonly (readonly [Column, number])[] = [
  ['count', 8],
  ['nonFinite', 8],
  ['positive', 8],
  ['absoluteSum', 8],
  ['mean', 8],
  ['m2', 8],
  ['m3', 8],
  ['m4', 8],
  ['min', 4],
  ['max', 4],
  ['exponent', 2],
  ['bins', 4 * BIN_COUNT],
  ['topThreshold', 4],
  ['bottomThreshold', 4],
  ['sampleLimit', 4 * SUPER_BIN_COUNT],
];

/** Bytes of what all sites share, in the order in which the kernel expects the addresses. */
const SCRATCH_COLUMNS = (widest: number) =>
  [
    ['rows', 4 * BLOCK_LENGTH],
    ['hashes', 4 * BLOCK_LENGTH],
    ['tile', 4 * BLOCK_LENGTH * TILE_WIDTH],
    ['sums', 6 * 8 * TILE_WIDTH],
    ['ends', 3 * 4 * TILE_WIDTH],
    ['top', 4 * (1 + widest)],
    ['bottom', 4 * (1 + widest)],
    ['sample', 4 * (1 + widest * BLOCK_LENGTH)],
    ['copies', 4 * widest * BLOCK_LENGTH],
  ] as const;

export type ScratchName = ReturnType<typeof SCRATCH_COLUMNS>[number][0];

/** A site's state within the memory. */
export interface PlacedState {
  /** Where the addresses of its columns stand. */
  readonly address: number;
  readonly state: ReductionState;
}

type Kernel = (state: number, scratch: number, neurons: number, length: number) => void;

/**
 * A WebAssembly memory of fixed size (growing would detach every view) with the kernel that works on it: the scratch
 * that all sites share, the states of sites, and buffers that onnxruntime writes activations into.
 */
export class KernelMemory {
  readonly buffer: ArrayBuffer;
  readonly reduceBlock: Kernel;
  /** Address of the table of scratch addresses. */
  readonly scratchAddress: number;
  /** Addresses within the scratch; `copies` takes the rows of blocks that lie elsewhere. */
  readonly scratch: Readonly<Record<ScratchName, number>>;
  private next = FIRST_ADDRESS;

  /**
   * @param widest neurons of the widest site.
   * @param bytes for states and buffers: sums of `stateBytes` and `bufferBytes`.
   */
  constructor(
    readonly widest: number,
    bytes: number,
  ) {
    const columns = SCRATCH_COLUMNS(widest);
    const scratchBytes = columns.reduce(
      (sum, [, size]) => sum + aligned(size),
      aligned(columns.length * POINTER_BYTES),
    );
    const pages = Math.min(MOST_PAGES, Math.ceil((FIRST_ADDRESS + scratchBytes + bytes) / PAGE));
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.buffer = memory.buffer;
    module ??= new WebAssembly.Module(reductionKernel());
    this.reduceBlock = new WebAssembly.Instance(module, { env: { memory } }).exports['reduceBlock'] as Kernel;
    this.scratchAddress = this.allocate(columns.length * POINTER_BYTES)!;
    const addresses = columns.map(([name, size]) => [name, this.allocate(size)!] as const);
    this.writeAddresses(
      this.scratchAddress,
      addresses.map(([, address]) => address),
    );
    this.scratch = Object.fromEntries(addresses) as Record<ScratchName, number>;
  }

  /** @returns null when there is no room left; what the state holds at first is undefined. */
  allocateState(neurons: number): PlacedState | null {
    if (neurons > this.widest || this.free < stateBytes(neurons)) return null;
    const address = this.allocate(STATE_COLUMNS.length * POINTER_BYTES)!;
    const width = TILE_WIDTH * Math.ceil(neurons / TILE_WIDTH);
    const at = STATE_COLUMNS.map(([name, size]) => [name, this.allocate(size * width)!] as const);
    this.writeAddresses(
      address,
      at.map(([, column]) => column),
    );
    const column = Object.fromEntries(at) as Record<Column, number>;
    const float64 = (name: Column) => new Float64Array(this.buffer, column[name], neurons);
    const float32 = (name: Column) => new Float32Array(this.buffer, column[name], neurons);
    return {
      address,
      state: {
        neurons,
        count: float64('count'),
        nonFinite: float64('nonFinite'),
        positive: float64('positive'),
        absoluteSum: float64('absoluteSum'),
        mean: float64('mean'),
        m2: float64('m2'),
        m3: float64('m3'),
        m4: float64('m4'),
        min: float32('min'),
        max: float32('max'),
        exponent: new Int16Array(this.buffer, column.exponent, neurons),
        bins: new Uint32Array(this.buffer, column.bins, neurons * BIN_COUNT),
        topThreshold: float32('topThreshold'),
        bottomThreshold: float32('bottomThreshold'),
        sampleLimit: new Uint32Array(this.buffer, column.sampleLimit, neurons * SUPER_BIN_COUNT),
      },
    };
  }

  /** @returns null when there is no room left. */
  allocateBuffer(length: number): Float32Array | null {
    const address = this.allocate(4 * length);
    return address === null ? null : new Float32Array(this.buffer, address, length);
  }

  private get free(): number {
    return this.buffer.byteLength - this.next;
  }

  private allocate(bytes: number): number | null {
    if (aligned(bytes) > this.free) return null;
    const address = this.next;
    this.next += aligned(bytes);
    return address;
  }

  private writeAddresses(at: number, addresses: readonly number[]): void {
    new Uint32Array(this.buffer, at, addresses.length).set(addresses);
  }
}

/** What a state takes of a memory. */
export function stateBytes(neurons: number): number {
  const width = TILE_WIDTH * Math.ceil(neurons / TILE_WIDTH);
  return STATE_COLUMNS.reduce(
    (sum, [, size]) => sum + aligned(size * width),
    aligned(STATE_COLUMNS.length * POINTER_BYTES),
  );
}

/** What a buffer of floats takes of a memory. */
export function bufferBytes(length: number): number {
  return aligned(4 * length);
}

function aligned(bytes: number): number {
  return ALIGNMENT * Math.ceil(bytes / ALIGNMENT);
}

let module: WebAssembly.Module | undefined;
