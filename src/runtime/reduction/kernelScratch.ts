import { BlockLayout } from './blockLayout';
import { columnsBytes, type KernelMemory } from './kernelMemory';
import { scratchColumns, type ScratchName } from './scratchColumns';

/** Room for the kernel to work in, where blocks are laid out for it. */
export class KernelScratch {
  readonly address: number;
  readonly layout: BlockLayout;

  /**
   * @param memory must have room for it.
   * @param widest neurons of the widest site that uses it.
   */
  constructor(memory: KernelMemory, widest: number) {
    const { table, at } = memory.allocateColumns<ScratchName>(scratchColumns(widest))!;
    new Float32Array(memory.buffer, at.nothing, widest).fill(NaN);
    this.address = table;
    this.layout = new BlockLayout(memory.buffer, at, widest);
  }
}

/** What a scratch takes of a memory. */
export function scratchBytes(widest: number): number {
  return columnsBytes(scratchColumns(widest));
}
