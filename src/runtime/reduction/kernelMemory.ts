import type { MemoryKind } from './kernelModule';
import type { ColumnSizes } from './scratchColumns';

const PAGE = 65536;
/** 4 GiB: what 32-bit addresses reach. What does not fit is allocated elsewhere. */
const MOST_PAGES = 65536;
/** What the compiler keeps for itself lies under this address. */
const FIRST_ADDRESS = 1024;
const ALIGNMENT = 64;
const POINTER_BYTES = 4;

/** ColumnSizes within a memory. */
export interface ColumnAddresses<Name extends string> {
  /** Where their addresses stand, one after the other. */
  readonly table: number;
  readonly at: Readonly<Record<Name, number>>;
}

/**
 * A WebAssembly memory of fixed size (growing would detach every view): what is kept of sites, scratches, and buffers
 * that onnxruntime writes activations into.
 */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  private next = FIRST_ADDRESS;

  /** @param bytes sum of `siteBytes`, `scratchBytes` and `bufferBytes` of what it is to hold. */
  constructor(kind: MemoryKind, bytes: number) {
    const pages = Math.min(MOST_PAGES, Math.ceil((FIRST_ADDRESS + bytes) / PAGE));
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: kind === 'shared' });
  }

  get buffer(): ArrayBuffer | SharedArrayBuffer {
    return this.memory.buffer;
  }

  /** @returns null when there is no room left; what the columns hold at first is undefined. */
  allocateColumns<Name extends string>(columns: ColumnSizes<Name>): ColumnAddresses<Name> | null {
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
export function columnsBytes(columns: ColumnSizes<string>): number {
  return columns.reduce((sum, [, size]) => sum + aligned(size), aligned(columns.length * POINTER_BYTES));
}

/** What a buffer of floats takes of a memory. */
export function bufferBytes(length: number): number {
  return aligned(4 * length);
}

function aligned(bytes: number): number {
  return ALIGNMENT * Math.ceil(bytes / ALIGNMENT);
}
