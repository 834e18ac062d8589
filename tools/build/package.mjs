/**
 * Packages the extension for one platform: `node tools/build/package.mjs [--target linux-x64] [--out FILE]` builds the
 * bundles and stages them with the packages that cannot be bundled, each cut down to the binaries of the target.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { billOfMaterials, noticesText, shippedComponents } from './notices.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What ships besides the manifest and the native packages; .vscodeignore says the same to vsce. */
const SHIPPED = [
  'package.nls.json',
  '.vscodeignore',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'dist',
  'media',
];

/** Where each target's binaries are in onnxruntime-node, and what the tokenizers package calls them. */
const TARGETS = {
  'linux-x64': { onnxruntime: 'linux/x64', tokenizers: 'linux-x64-gnu' },
  'linux-arm64': { onnxruntime: 'linux/arm64', tokenizers: 'linux-arm64-gnu' },
  'darwin-arm64': { onnxruntime: 'darwin/arm64', tokenizers: 'darwin-arm64' },
  'win32-x64': { onnxruntime: 'win32/x64', tokenizers: 'win32-x64-msvc' },
  'win32-arm64': { onnxruntime: 'win32/arm64', tokenizers: 'win32-arm64-msvc' },
};

/**
 * Packages the bundles that are in dist/.
 * @param {{ target?: string, out?: string }} [options] target defaults to this machine
 * @returns {Promise<string>} path of the .vsix
 * @throws when the target has no native binaries or there are no bundles
 */
export async function packageExtension({ target = `${process.platform}-${process.arch}`, out } = {}) {
  const packagePath = out ?? join(root, 'out', `neuron-lens-${target}.vsix`);
  const stage = `${packagePath}.stage`;
  await stageExtension(stage, target);
  const options = { dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false };
  await createVSIX({ cwd: stage, packagePath, target, ...options });
  await rm(stage, { recursive: true });
  return packagePath;
}

/**
 * Lays out what a package for a target holds.
 * @param {string} stage folder that is made anew
 * @throws when the target has no native binaries, there are no bundles, or a shipped package has no licence text
 */
export async function stageExtension(stage, target) {
  const binaries = TARGETS[target];
  if (!binaries) {
    throw new Error(`No binaries for ${target}. Known targets: ${Object.keys(TARGETS).join(', ')}.`);
  }
  if (!existsSync(join(root, 'dist', 'extension.cjs')))
    throw new Error('Nothing is built: run `npm run build`.');
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  for (const name of SHIPPED.filter((name) => existsSync(join(root, name)))) {
    const filter = (path) => !path.endsWith('.map') && !path.endsWith('bundled-packages.json');
    await cp(join(root, name), join(stage, name), { recursive: true, filter });
  }
  const manifest = await stageManifest(stage);
  const beside = join(stage, 'dist', 'node_modules');
  await stageNativePackages(beside, binaries);
  const components = await shippedComponents(await readdir(beside));
  await writeFile(join(stage, 'ThirdPartyNotices.txt'), noticesText(components));
  const bill = billOfMaterials(components, manifest);
  await writeFile(join(stage, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
}

/** The manifest without what only the repository needs. */
async function stageManifest(stage) {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const section of ['scripts', 'dependencies', 'devDependencies', 'private', 'bin'])
    delete manifest[section];
  await writeFile(join(stage, 'package.json'), JSON.stringify(manifest, null, 2));
  return manifest;
}

/**
 * Beside the bundles, so that Node finds them from there.
 * tokenizers ships all platforms in one package; onnxruntime-node's tree is `bin/napi-v6/<system>/<processor>`.
 */
async function stageNativePackages(folder, { onnxruntime, tokenizers }) {
  await stagePackage(folder, 'onnxruntime-common', (file) =>
    /^(package\.json|dist\/cjs\/.*\.js(on)?)$/.test(file),
  );
  await stagePackage(folder, 'onnxruntime-node', (file) => {
    if (!file.startsWith('bin/')) return /^(package\.json|dist\/.*\.js)$/.test(file);
    // DirectML and the shader compiler are loaded when a graphics card is asked for, and this program asks for none.
    if (/\/(DirectML|dxcompiler|dxil)\.dll$/.test(file)) return false;
    // The two names of the macOS library hold the same bytes: the binding asks for the shorter one.
    return file.includes(`/${onnxruntime}/`) && !/\.\d+\.\d+\.\d+\.dylib$/.test(file);
  });
  await stagePackage(folder, 'tokenizers', (file) =>
    file.endsWith('.node') ? file.includes(tokenizers) : /^(package\.json|.*\.c?js|LICENSE)$/.test(file),
  );
}

async function stagePackage(folder, name, wanted) {
  const source = join(root, 'node_modules', name);
  let native = 0;
  for (const entry of await readdir(source, { recursive: true })) {
    const file = entry.replaceAll('\\', '/');
    if (!wanted(file) || !(await stat(join(source, entry))).isFile()) continue;
    await cp(join(source, entry), join(folder, name, entry), { dereference: true });
    if (file.endsWith('.node')) native++;
  }
  if (native === 0 && name !== 'onnxruntime-common')
    throw new Error(`${name} has no binary for this target.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { target: { type: 'string' }, out: { type: 'string' } } });
  const { build } = await import('./build.mjs');
  await build();
  console.log(await packageExtension(values));
}
