/** Compiles the SIMD reduction; the text of src/runtime/reduction/reductionKernel.ts. */
export function kernelText(): Promise<string>;
/** What core/stats says of a neuron's summary; the text of src/runtime/reduction/assembly/summary.ts. */
export function summaryText(): Promise<string>;
