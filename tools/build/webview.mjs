/**
 * Bundles what runs in the editor's panels and in reports: one script and one style sheet a page into dist/webview/,
 * with the icon font beside them.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url);
const pages = ['neuron', 'selection', 'report'];
const icons = ['codicon.css', 'codicon.ttf'];

/**
 * @returns contents by file name
 * @throws when a source does not compile
 */
export async function bundleWebviews() {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: pages.flatMap((page) => [
      { in: `webview/${page}/main.ts`, out: page },
      { in: `webview/${page}/style.css`, out: page },
    ]),
    outdir: 'dist/webview',
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    loader: { '.ttf': 'dataurl' },
    legalComments: 'none',
    logLevel: 'warning',
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  for (const name of icons) {
    files.set(name, await readFile(new URL(`node_modules/@vscode/codicons/dist/${name}`, root)));
  }
  return files;
}

/** Writes the bundles into dist/webview/. */
export async function buildWebviews() {
  const target = new URL('dist/webview/', root);
  await mkdir(target, { recursive: true });
  const files = await bundleWebviews();
  await Promise.all([...files].map(([name, contents]) => writeFile(new URL(name, target), contents)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWebviews();
