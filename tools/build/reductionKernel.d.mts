/** Compiles the SIMD reduction; the text of src/runtime/reduction/reductionKernel.ts. */
export function kernelText(): Promise<string>;
