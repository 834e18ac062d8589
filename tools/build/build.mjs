/**
 * Bundles each runtime into dist/: the extension host, the engine process, the command line and the webviews.
 * `node tools/build/build.mjs` builds; import `build` to build from another script.
 */
import { chmod, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { buildWebviews } from './webview.mjs';

const root = new URL('../../', import.meta.url);

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
};

/** Writes dist/ anew. @throws when a source does not compile */
export async function build() {
  await rm(new URL('dist', root), { recursive: true, force: true });
  await Promise.all([
    bundle({
      ...host,
      entryPoints: ['src/vscode/extension.ts'],
      outfile: 'dist/extension.cjs',
      external: ['vscode'],
    }),
    bundle({ ...host, entryPoints: ['src/engine/main.ts'], outfile: 'dist/engine.cjs', external: native }),
    bundle({
      ...host,
      entryPoints: ['src/cli/main.ts'],
      outfile: 'dist/cli.cjs',
      external: native,
      banner: { js: '#!/usr/bin/env node' },
    }),
    buildWebviews(),
  ]);
  await chmod(new URL('dist/cli.cjs', root), 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
