/**
 * Takes pictures of the pages in three themes and two widths, to be looked at: they are not compared by a test.
 * node tools/screenshots.mjs FOLDER [page] (FOLDER lies outside the repository)
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const [folder, only] = process.argv.slice(2);
if (!folder) {
  console.error('Name a folder for the pictures: node tools/screenshots.mjs FOLDER');
  process.exit(2);
}
await mkdir(folder, { recursive: true });

/** The stubbed host of the tests is TypeScript: bundled into dist/, where it finds the same packages. */
const scenes = join(root, 'test/webview/scenes.ts');
const outfile = join(root, 'dist/tools/scenes.mjs');
await build({
  absWorkingDir: root,
  entryPoints: [scenes],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  define: { 'import.meta.url': JSON.stringify(pathToFileURL(scenes).href) },
  logLevel: 'warning',
});
const { takePictures } = await import(pathToFileURL(outfile).href);
await takePictures(resolve(folder), only);
