/**
 * Compiles the SIMD reduction from AssemblyScript to WebAssembly and writes it into src/ as text, so that every
 * bundle and test has it without a further file: `node tools/build/reductionKernel.mjs`. What it has to know of a
 * neuron's summary is written first, from the table of src/core/stats.
 * Tests fail when either text is not what is made of its source.
 */
import { Buffer } from 'node:buffer';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url);
const target = new URL('src/runtime/reduction/reductionKernel.ts', root);
const summary = new URL('src/runtime/reduction/assembly/summary.ts', root);
/** Numbers of src/core/stats/siteSummary.ts that the kernel uses. */
const NUMBERS = [
  'BLOCK_LENGTH',
  'SUPER_BIN_COUNT',
  'SAMPLES_PER_SUPER_BIN',
  'EXTREME_COUNT',
  'CONTEXT_RADIUS',
  'CONTEXT_LENGTH',
];

const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--noAssert'];
/** For a memory that threads share; its size is that of the memory given. */
const shared = ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];

/** @returns the text of src/runtime/reduction/assembly/summary.ts: what core/stats says of a neuron's summary. */
export async function summaryText() {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from './distributionColumns'; export * from './siteSummary';`,
      resolveDir: fileURLToPath(new URL('src/core/stats', root)),
    },
    bundle: true,
    write: false,
    format: 'esm',
  });
  const stats = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
  );
  return `// Written by tools/build/reductionKernel.mjs from src/core/stats/: do not edit.

${NUMBERS.map((name) => `export const ${name}: i32 = ${stats[name]};`).join('\n')}

/** The addresses of a site's columns, in the order of core/stats/distributionColumns.ts. */
@unmanaged
export class State {
${stats.DISTRIBUTION_NAMES.map((name) => `  ${name}: usize;`).join('\n')}
}
`;
}

/** @returns the text of src/runtime/reduction/reductionKernel.ts. @throws when the source does not compile */
export async function kernelText() {
  return `// Written by tools/build/reductionKernel.mjs from assembly/: do not edit.
const OWN = [
${await base64Lines(options)}
];
const SHARED = [
${await base64Lines([...options, ...shared])}
];

/** The bytes of the WebAssembly module. */
export function reductionKernel(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(OWN.join(''), 'base64'));
}

/** The same for a memory that threads share. */
export function sharedReductionKernel(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(SHARED.join(''), 'base64'));
}
`;
}

async function base64Lines(flags) {
  const files = new Map();
  const { error, stderr } = await asc.main(
    ['src/runtime/reduction/assembly/kernel.ts', '--outFile', 'kernel.wasm', ...flags],
    {
      readFile: (name) => readFile(new URL(name, root), 'utf8').catch(() => null),
      writeFile: (name, contents) => void files.set(name, contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`The reduction kernel does not compile: ${stderr.toString()}`);
  const base64 = Buffer.from(files.get('kernel.wasm')).toString('base64');
  return base64
    .match(/.{1,100}/g)
    .map((line) => `  '${line}',`)
    .join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(summary, await summaryText());
  await writeFile(target, await kernelText());
}
