import { BlockLayout } from './blockLayout';
import { reductionKernel } from './reductionKernel';
import { type Columns, scratchColumns, type ScratchName } from './scratchColumns';

const PAGE = 65536;
/** 4 GiB: what 32-bit addresses reach. What does not fit is allocated elsewhere. */
const MOST_PAGES = 65536;
/** What the compiler keeps for itself lies under this address. */
const FIRST_ADDRESS = 1024;
const ALIGNMENT = 64;
const POINTER_BYTES = 4;

/** Columns within a memory. */
export interface PlacedColumns<Name extends string> {
  /** Where their addresses stand, one after the other. */
  readonly table: number;
  readonly at: Readonly<Record<Name, number>>;
}

type Kernel = (site: number, scratch: number, neurons: number, blocks: number) => void;

/**
 * A WebAssembly memory of fixed size (growing would detach every view) with the kernel that works on it: the scratch
 * that all sites share, what is kept of sites, and buffers that onnxruntime writes activations into.
 */
export class KernelMemory {
  readonly buffer: ArrayBuffer;
  readonly layout: BlockLayout;
  private readonly scratch: PlacedColumns<ScratchName>;
  private readonly kernel: Kernel;
  private next = FIRST_ADDRESS;

  /**
   * @param widest neurons of the widest site.
   * @param bytes for sites and buffers: sums of `siteBytes` and `bufferBytes`.
   */
  constructor(
    readonly widest: number,
    bytes: number,
  ) {
    const columns = scratchColumns(widest);
    const pages = Math.min(MOST_PAGES, Math.ceil((FIRST_ADDRESS + columnsBytes(columns) + bytes) / PAGE));
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.buffer = memory.buffer;
    module ??= new WebAssembly.Module(reductionKernel());
    this.kernel = new WebAssembly.Instance(module, { env: { memory } }).exports['reduceBlocks'] as Kernel;
    this.scratch = this.allocateColumns<ScratchName>(columns)!;
    new Float32Array(this.buffer, this.scratch.at.nothing, widest).fill(NaN);
    this.layout = new BlockLayout(this.buffer, this.scratch.at, widest);
  }

  /** Brings a site up to date with the blocks that are laid out. @param site where the addresses of its tables stand. */
  reduceBlocks(site: number, neurons: number): void {
    if (this.layout.count > 0) this.kernel(site, this.scratch.table, neurons, this.layout.count);
  }

  /** @returns null when there is no room left; what the columns hold at first is undefined. */
  allocateColumns<Name extends string>(columns: Columns<Name>): PlacedColumns<Name> | null {
    if (columnsBytes(columns) > this.free) return null;
    const table = this.allocate(columns.length * POINTER_BYTES)!;
    const addresses = columns.map(([name, size]) => [name, this.allocate(size)!] as const);
    new Uint32Array(this.buffer, table, columns.length).set(addresses.map(([, address]) => address));
    return { table, at: Object.fromEntries(addresses) as Record<Name, number> };
  }

  /** @returns null when there is no room left. */
  allocateBuffer(length: number): Float32Array | null {
    const address = this.allocate(4 * length);
    return address === null ? null : new Float32Array(this.buffer, address, length);
  }

  /** Bytes that are left. */
  get free(): number {
    return this.buffer.byteLength - this.next;
  }

  private allocate(bytes: number): number | null {
    if (aligned(bytes) > this.free) return null;
    const address = this.next;
    this.next += aligned(bytes);
    return address;
  }
}

/** What columns take of a memory. */
export function columnsBytes(columns: Columns<string>): number {
  return columns.reduce((sum, [, size]) => sum + aligned(size), aligned(columns.length * POINTER_BYTES));
}

/** What a buffer of floats takes of a memory. */
export function bufferBytes(length: number): number {
  return aligned(4 * length);
}

function aligned(bytes: number): number {
  return ALIGNMENT * Math.ceil(bytes / ALIGNMENT);
}

let module: WebAssembly.Module | undefined;
