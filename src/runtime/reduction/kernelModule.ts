import { reductionKernel, sharedReductionKernel } from './reductionKernel';

/** A memory that threads share takes a kernel that was compiled for one. */
export type MemoryKind = 'own' | 'shared';

const compiled = new Map<MemoryKind, WebAssembly.Module>();

/** The kernel, compiled on first use. */
export function kernelModule(kind: MemoryKind): WebAssembly.Module {
  const module =
    compiled.get(kind) ??
    new WebAssembly.Module(kind === 'own' ? reductionKernel() : sharedReductionKernel());
  compiled.set(kind, module);
  return module;
}
