/**
 * Changes a folder of src/ in small ways and counts the changes that no unit test notices:
 * `node tools/check/mutants.mjs core/text [tests, instead of test/unit/text]`.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { root, runNpm, runOrExit } from '../run/prepare.mjs';

/** Not among the devDependencies: a hundred packages that nothing else needs. */
const VERSION = '9.6.1';
const PACKAGES = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}`);

const [folder, ...given] = process.argv.slice(2);
const tests = given.length > 0 ? given : [`test/unit/${mirrorOf(folder ?? '')}`];
if (
  folder === undefined ||
  !existsSync(`${root}/src/${folder}`) ||
  !tests.every((path) => existsSync(`${root}/${path}`))
) {
  console.error('Give a folder of src/, such as core/text, and, if it is not the mirrored one, its tests.');
  process.exit(2);
}
if (!PACKAGES.every((name) => existsSync(`${root}/node_modules/${name}`)))
  runNpm([
    'install',
    '--no-save',
    '--no-fund',
    '--no-audit',
    ...PACKAGES.map((name) => `${name}@${VERSION}`),
  ]);

const out = `out/mutants/${folder.replaceAll('/', '-')}`;
mkdirSync(`${root}/out/mutants`, { recursive: true });
const config = `${root}/${out}.config.json`;
writeFileSync(
  config,
  JSON.stringify({
    mutate: [`src/${folder}/**/*.ts`],
    testRunner: 'vitest',
    vitest: { configFile: 'tools/check/mutants.vitest.mjs' },
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    concurrency: 1,
    incremental: true,
    incrementalFile: `${out}.incremental.json`,
    reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    htmlReporter: { fileName: `${out}.html` },
    jsonReporter: { fileName: `${out}.json` },
    tempDirName: 'out/mutants/sandbox',
    ignorePatterns: ['out', 'dist', 'docs', 'test/e2e', 'coverage'],
  }),
);
runOrExit(process.execPath, ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', config], {
  env: { ...process.env, MUTANTS_TESTS: tests.join(' ') },
});

/** Tests of the editor's parts are in one folder, those of the other rooms in one for each of theirs. */
function mirrorOf(path) {
  const [room, inner] = path.split('/');
  return room === 'core' ? inner : room;
}
