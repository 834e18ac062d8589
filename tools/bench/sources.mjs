import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Native packages cannot be bundled; they are found from dist/tools, where the bundle lies. */
const NATIVE = ['onnxruntime-node', 'tokenizers'];

/**
 * Sources that a bench measures, bundled and minified as the product's own are.
 * @param {string} name of the bundle in dist/tools
 * @param {Record<string, string[]>} exports names wanted, by path within the repository without its suffix
 */
export async function loadSources(name, exports) {
  const outfile = join(root, 'dist/tools', `${name}.cjs`);
  const contents = Object.entries(exports)
    .map(([path, names]) => `export { ${names.join(', ')} } from ${JSON.stringify(join(root, path))};`)
    .join('\n');
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    keepNames: true,
    external: NATIVE,
    logLevel: 'error',
  });
  return createRequire(import.meta.url)(outfile);
}
