/**
 * Brings the licence texts of what native packages have inside and do not bring along: `node tools/build/licences/collect.mjs`
 * when onnxruntime-node or tokenizers get another version (packaging says so). Needs pip, unzip and cargo.
 *
 * onnxruntime: its licence and notices, from the wheel of the same version.
 * tokenizers: the licence files of every crate that its library is linked from, on any of our targets.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('./', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
const RUST_TARGETS = [
  'x86_64-unknown-linux-gnu',
  'aarch64-unknown-linux-gnu',
  'aarch64-apple-darwin',
  'x86_64-pc-windows-msvc',
  'aarch64-pc-windows-msvc',
];
const LICENCE_FILE = /^(licen[cs]e|copying|notice|unlicense|copyright)/i;

const work = mkdtempSync(join(tmpdir(), 'licences-'));
try {
  collectOnnxruntime(versionOf('onnxruntime-node'));
  collectCrates(versionOf('tokenizers'));
} finally {
  rmSync(work, { recursive: true });
}

function versionOf(name) {
  return JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')).version;
}

function collectOnnxruntime(version) {
  execFileSync('pip', ['download', '-q', '--no-deps', '-d', work, `onnxruntime==${version}`]);
  const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
  const target = join(here, `onnxruntime-${version}`);
  mkdirSync(target, { recursive: true });
  const files = ['onnxruntime/LICENSE', 'onnxruntime/ThirdPartyNotices.txt'];
  execFileSync('unzip', ['-joq', join(work, wheel), ...files, '-d', target]);
}

/** The dependencies of the binding as its own manifest names them; the features are those that npm's build has. */
function collectCrates(version) {
  const exactVersions = new Map([...versionsInBinaries(), ['tokenizers', version]]);
  const exactly = [...exactVersions].map(
    ([name, exact]) => `${name} = { version = "=${exact}", default-features = ${name === 'tokenizers'} }`,
  );
  const manifest = `[package]
name = "shipped"
version = "0.0.0"
edition = "2021"
[dependencies]
napi-derive = "3"
${exactly.join('\n')}
`;
  mkdirSync(join(work, 'src'));
  writeFileSync(join(work, 'src', 'lib.rs'), '');
  writeFileSync(join(work, 'Cargo.toml'), manifest);
  execFileSync('cargo', ['vendor', '-q', '--versioned-dirs', 'vendor'], { cwd: work, stdio: 'pipe' });
  const texts = [];
  const crates = linkedCrates().map(({ name, version: of, licence }) => {
    const folder = join(work, 'vendor', `${name}-${of}`);
    const found = readdirSync(folder, { recursive: true })
      .filter((file) => LICENCE_FILE.test(file.split('/').at(-1)) && !file.startsWith('src/Windows'))
      .map((file) => readFileSync(join(folder, file), 'utf8'));
    // The crates of napi have no text of their own: it is the one that the npm package carries.
    if (found.length === 0 && name.startsWith('napi'))
      found.push(readFileSync(join(modules, 'tokenizers', 'LICENSE'), 'utf8'));
    if (found.length === 0) throw new Error(`No licence text in the crate ${name} ${of}.`);
    return {
      name,
      version: exactVersions.get(name) ?? null,
      licence,
      texts: found.map((text) => indexOf(text, texts)),
    };
  });
  writeFileSync(join(here, `tokenizers-${version}.json`), `${JSON.stringify({ crates, texts }, null, 1)}\n`);
}

/** Crates whose paths stand in the libraries, for the messages of their panics. Of the others the version is not known. */
function versionsInBinaries() {
  const folder = join(modules, 'tokenizers');
  const libraries = readdirSync(folder).filter((name) => name.endsWith('.node'));
  const paths = libraries.flatMap((name) => [
    ...readFileSync(join(folder, name), 'latin1').matchAll(
      /index\.crates\.io-[0-9a-f]+[/\\]([\w-]+?)-(\d+\.\d+\.\d+[\w.+-]*)[/\\]/g,
    ),
  ]);
  return new Map(paths.map(([, name, version]) => [name, version]));
}

function linkedCrates() {
  const format = ['--prefix', 'none', '-f', '{p}|{l}', '-e', 'normal,no-proc-macro'];
  const lines = RUST_TARGETS.flatMap((target) =>
    execFileSync('cargo', ['tree', ...format, '--target', target], { cwd: work, encoding: 'utf8' }).split(
      '\n',
    ),
  );
  return [...new Set(lines.map((line) => line.replace(/ \(\*\)$/, '')))]
    .filter((line) => line !== '' && !line.startsWith('shipped '))
    .sort()
    .map((line) => {
      const [named, licence] = line.split('|');
      const [name, version] = named.split(' ');
      return { name, version: version.slice(1), licence };
    });
}

function indexOf(text, texts) {
  const clean = text.replaceAll('\r\n', '\n').trim();
  if (!texts.includes(clean)) texts.push(clean);
  return texts.indexOf(clean);
}
