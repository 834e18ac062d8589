/**
 * Compiles the SIMD reduction from AssemblyScript to WebAssembly and writes it into src/ as text, so that every
 * bundle and test has it without a further file: `node tools/build/reductionKernel.mjs`.
 * A test fails when the text is not what the compiler makes of its source.
 */
import { Buffer } from 'node:buffer';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = new URL('../../', import.meta.url);
const target = new URL('src/runtime/reduction/reductionKernel.ts', root);

const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--noAssert'];

/** @returns the text of src/runtime/reduction/reductionKernel.ts. @throws when the source does not compile */
export async function kernelText() {
  const files = new Map();
  const { error, stderr } = await asc.main(
    ['src/runtime/reduction/assembly/reduceBlocks.ts', '--outFile', 'kernel.wasm', ...options],
    {
      readFile: (name) => readFile(new URL(name, root), 'utf8').catch(() => null),
      writeFile: (name, contents) => void files.set(name, contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`The reduction kernel does not compile: ${stderr.toString()}`);
  const base64 = Buffer.from(files.get('kernel.wasm')).toString('base64');
  const lines = base64.match(/.{1,100}/g).map((line) => `  '${line}',`);
  return `// Written by tools/build/reductionKernel.mjs from assembly/: do not edit.
const BASE64 = [
${lines.join('\n')}
];

/** The bytes of the WebAssembly module. */
export function reductionKernel(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(BASE64.join(''), 'base64'));
}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(target, await kernelText());
