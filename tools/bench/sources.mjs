import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Native packages, and those of tests and builds: they are found from out/bench, where the bundle lies. */
const OUTSIDE = ['onnxruntime-node', 'tokenizers', 'playwright-core', '@vscode/vsce', 'esbuild'];

/**
 * Sources that a bench measures, bundled and minified as the product's own are.
 * @param {string} name of the bundle in out/bench
 * @param {Record<string, string[]>} exports names wanted, by path within the repository without its suffix
 */
export async function loadSources(name, exports) {
  const outfile = join(root, 'out/bench', `${name}.mjs`);
  const contents = Object.entries(exports)
    .map(([path, names]) => `export { ${names.join(', ')} } from ${JSON.stringify(join(root, path))};`)
    .join('\n');
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minify: true,
    keepNames: true,
    external: OUTSIDE,
    define: { 'import.meta.url': JSON.stringify(import.meta.url) },
    // Some packages within still ask for theirs by `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}
