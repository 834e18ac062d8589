/** Which packages of node_modules lie in the bundles: said by the bundler, kept in dist/ for the packaging. */
import { readFile, writeFile } from 'node:fs/promises';

const record = new URL('../../dist/bundled-packages.json', import.meta.url);

/** The reduction kernel is compiled beforehand, with parts of its language's standard library. */
export const COMPILED_IN = ['node_modules/assemblyscript/std'];

/** @returns paths of the sources of which a byte lies in an output */
export function bundledSources({ outputs }) {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((source) => inputs[source].bytesInOutput > 0),
  );
}

/** Keeps the packages' folders. A package within another one's node_modules has a folder of its own. */
export async function recordPackages(sources) {
  const folders = sources.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  const packages = [...new Set(folders)].filter((folder) => folder !== undefined).sort();
  await writeFile(record, `${JSON.stringify(packages, null, 2)}\n`);
}

/** @returns the packages' folders, relative to the repository. @throws when nothing is built */
export async function bundledPackages() {
  return JSON.parse(await readFile(record, 'utf8'));
}
