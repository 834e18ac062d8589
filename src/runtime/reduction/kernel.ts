import { kernelModule } from './kernelModule';

/** The kernel's entries (assembly/kernel.ts). */
export const ENTRIES = ['reduceBlocks', 'sortExamples'] as const;

/** What the kernel is to do: number of the entry, addresses of a site and a scratch, neurons, blocks in the scratch. */
export type KernelJob = readonly [
  entry: number,
  site: number,
  scratch: number,
  neurons: number,
  blocks: number,
];

/** The compiled reduction (assembly/), on some thread. */
export interface Kernel {
  /** Whether `start` returns before the job is done. */
  readonly elsewhere: boolean;
  start(job: KernelJob): void;
  /** Returns when the job that was started last is done. */
  finish(): void;
}

/** The kernel on this thread: a job is done when `start` returns. */
export function kernelHere(memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(kernelModule('own'), { env: { memory } });
  const entries = ENTRIES.map((name) => exports[name] as (...job: readonly number[]) => void);
  return {
    elsewhere: false,
    start: ([entry, ...job]) => entries[entry]!(...job),
    finish: () => undefined,
  };
}
