/**
 * Bundles each runtime into dist/: the extension host, the engine process, the command line and the webviews.
 * `node tools/build/build.mjs` builds; import `build` to build from another script.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle, transform } from 'esbuild';
import { bundledSources, COMPILED_IN, recordPackages } from './bundledPackages.mjs';
import { buildWebviews } from './webview.mjs';

const root = new URL('../../', import.meta.url);

/** Its other form asks for its files in a way that bundlers do not see. */
const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };

/** Native packages cannot be bundled: they ship beside the bundles. */
const native = ['onnxruntime-node', 'tokenizers'];

const host = {
  absWorkingDir: fileURLToPath(root),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: true,
  legalComments: 'linked',
  logLevel: 'warning',
  minify: true,
  keepNames: true,
  alias,
};

/**
 * The extension in pieces, so that what it imports when needed, Arrow above all, costs its activation nothing. esbuild
 * splits ES modules only, and VS Code wants CommonJS: each piece is turned into it afterwards.
 */
async function buildExtension() {
  const { outputFiles, metafile } = await bundleExtension();
  await mkdir(new URL('dist', root), { recursive: true });
  await Promise.all(outputFiles.map(({ path, text }) => writeCommonJs(path, text)));
  return bundledSources(metafile);
}

/**
 * The extension's pieces as ES modules, and which source lies in which.
 * @throws when a source does not compile
 */
export function bundleExtension() {
  return bundle({
    ...host,
    entryPoints: ['src/vscode/extension.ts'],
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    chunkNames: 'extension-[name]-[hash]',
    external: ['vscode'],
    format: 'esm',
    splitting: true,
    plugins: [detector],
    sourcemap: 'inline',
    // Files of their own beside the pieces would be taken for pieces.
    legalComments: 'inline',
    metafile: true,
    write: false,
  });
}

async function writeCommonJs(path, text) {
  const { code, map } = await transform(text, {
    sourcefile: basename(path),
    format: 'cjs',
    platform: 'node',
    target: host.target,
    supported: { 'dynamic-import': false },
    sourcemap: 'external',
    minify: true,
  });
  await writeFile(path, `${code}//# sourceMappingURL=${basename(path)}.map\n`);
  await writeFile(`${path}.map`, map);
}

/**
 * What tells encodings apart is a megabyte of data for a text that is hardly ever met: it lies beside the programs, who
 * load it when they need it.
 */
const detector = {
  name: 'detector',
  setup({ onResolve }) {
    onResolve({ filter: /^jschardet$/ }, () => ({ path: './jschardet.cjs', external: true }));
  },
};

async function buildDetector() {
  const { metafile } = await bundle({
    ...host,
    entryPoints: { jschardet: 'jschardet' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    sourcemap: false,
    metafile: true,
  });
  return bundledSources(metafile);
}

/** Bundles a program into one file. @returns the sources that are in it */
async function buildProgram(source, outfile, options = {}) {
  const { metafile } = await bundle({
    ...host,
    ...options,
    entryPoints: [source],
    outfile,
    external: native,
    plugins: [detector],
    metafile: true,
  });
  return bundledSources(metafile);
}

/** The thread that reads languages, with its libraries: engine and command line start it when concepts are asked for. */
export function buildLanguageWorker(outfile) {
  return buildProgram('src/runtime/language/languageWorker.ts', outfile);
}

/** Writes dist/ anew. @throws when a source does not compile */
export async function build() {
  await rm(new URL('dist', root), { recursive: true, force: true });
  const sources = await Promise.all([
    buildExtension(),
    buildDetector(),
    buildProgram('src/engine/main.ts', 'dist/engine.cjs'),
    buildProgram('src/cli/main.ts', 'dist/cli.cjs', { banner: { js: '#!/usr/bin/env node' } }),
    buildLanguageWorker('dist/language.cjs'),
    buildWebviews(),
  ]);
  await recordPackages([...sources.flat(), ...COMPILED_IN]);
  await chmod(new URL('dist/cli.cjs', root), 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
