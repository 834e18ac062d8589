import { kernelModule } from './kernelModule';
import type { KernelThread } from './kernelThread';

/** What the kernel is to do: addresses of a site and a scratch, neurons of the site, blocks in the scratch. */
export type KernelJob = readonly [site: number, scratch: number, neurons: number, blocks: number];

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
  const reduceBlocks = exports['reduceBlocks'] as (...job: KernelJob) => void;
  return { elsewhere: false, start: (job) => reduceBlocks(...job), finish: () => undefined };
}

/** The kernel on another thread, for one site: its jobs are done in the order in which they are started. */
export function kernelOn(thread: KernelThread): Kernel {
  let last = 0;
  return { elsewhere: true, start: (job) => (last = thread.give(job)), finish: () => thread.wait(last) };
}
