/**
 * Bundles what runs in the editor's panels and in reports: a script and a style sheet a page into dist/webview/, with
 * the icon font and what panels load behind their first paint beside them.
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledSources } from './bundledPackages.mjs';

const root = new URL('../../', import.meta.url);
/** A folder a page; a report is no panel. */
const panels = readdirSync(new URL('webview/', root)).filter(
  (name) => name !== 'report' && existsSync(new URL(`webview/${name}/main.ts`, root)),
);
/** What panels import behind their first paint; each stands alone, so that no file waits for another one. */
const late = new Map([
  ['histograms', 'webview/neuron/distribution/histograms.ts'],
  ['dropDownElements', 'webview/common/dropDownElements.ts'],
  ['pageExports', 'webview/neuron/export/pageExports.ts'],
  ['conceptFiles', 'webview/concept/export/conceptFiles.ts'],
  ['ablationFiles', 'webview/steer/export/ablationFiles.ts'],
]);
const icons = ['codicon.css', 'codicon.ttf'].map((name) => `node_modules/@vscode/codicons/dist/${name}`);

const browser = {
  absWorkingDir: fileURLToPath(root),
  outdir: 'dist/webview',
  write: false,
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  loader: { '.ttf': 'dataurl' },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

const loadLate = {
  name: 'load-late',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) => {
      const name = basename(path);
      return kind === 'dynamic-import' && late.has(name) ? { path: `./${name}.js`, external: true } : null;
    });
  },
};

const latePieces = [...late].map(([name, file]) => ({ in: file, out: name }));

const partsOf = (page) => [
  { in: `webview/${page}/main.ts`, out: page },
  { in: `webview/${page}/style.css`, out: page },
];

/**
 * @returns contents by file name
 * @throws when a source does not compile
 */
export async function bundleWebviews() {
  return filesOf(await bundle());
}

function bundle() {
  return Promise.all([
    build({
      ...browser,
      entryPoints: [...panels.flatMap(partsOf), ...latePieces],
      format: 'esm',
      plugins: [loadLate],
    }),
    // A report is one file.
    build({ ...browser, entryPoints: partsOf('report'), format: 'iife' }),
  ]);
}

async function filesOf(bundles) {
  const outputs = bundles.flatMap(({ outputFiles }) => outputFiles);
  const files = new Map(outputs.map(({ path, contents }) => [basename(path), contents]));
  for (const path of icons) files.set(basename(path), await readFile(new URL(path, root)));
  return files;
}

/**
 * Writes the bundles into dist/webview/.
 * @returns paths of the files that they were made of
 */
export async function buildWebviews() {
  const target = new URL('dist/webview/', root);
  await mkdir(target, { recursive: true });
  const bundles = await bundle();
  const files = await filesOf(bundles);
  await Promise.all([...files].map(([name, contents]) => writeFile(new URL(name, target), contents)));
  return [...bundles.flatMap(({ metafile }) => bundledSources(metafile)), ...icons];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWebviews();
