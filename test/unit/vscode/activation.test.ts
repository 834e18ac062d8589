import type { Metafile } from 'esbuild';
import { expect, it } from 'vitest';
import { bundleExtension } from '../../../tools/build/build.mjs';

/** Packages whose code is in a piece or in those that it imports. @param late whether also in those imported later */
function packagesOf({ outputs }: Metafile, piece: string, late: boolean): Set<string> {
  const pieces = new Set([piece]);
  for (const name of pieces) {
    for (const { path, kind } of outputs[name]!.imports) {
      if (path in outputs && (late || kind === 'import-statement')) pieces.add(path);
    }
  }
  const sources = [...pieces].flatMap((name) => Object.keys(outputs[name]!.inputs));
  return new Set(sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []));
}

it('loads no more of other packages at its start than what checks messages and manifests', async () => {
  const { metafile } = await bundleExtension();
  expect([...packagesOf(metafile, 'dist/extension.cjs', false)]).toEqual(['valibot']);
  expect([...packagesOf(metafile, 'dist/extension.cjs', true)]).toContain('apache-arrow');
});
