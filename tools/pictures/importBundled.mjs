import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Imports a TypeScript module of the tests: bundled into dist/, where it finds the same packages. Its functions are
 * left as they are written, because some of them run in a browser's page.
 * @param {string} path within the repository
 */
export async function importBundled(path) {
  const source = join(root, path);
  const outfile = join(root, 'dist/tools', basename(path, '.ts') + '.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(source).href) },
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
