import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stageExtension } from '../../../tools/build/package.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const modules = join(root, 'node_modules');

/** Panels and the kernel have no source maps: what is known to be in them. */
const UNMAPPED = [
  'assemblyscript',
  'lit',
  'lit-html',
  '@vscode-elements/elements',
  'chart.js',
  '@vscode/codicons',
];

let stage: string;
let notices: string;
let bill: { components: { name: string; version?: string; purl: string; licenses: unknown[] }[] };

beforeAll(async () => {
  stage = join(await mkdtemp(join(tmpdir(), 'neuron-lens-stage-')), 'extension');
  await stageExtension(stage, 'linux-x64');
  notices = await readFile(join(stage, 'ThirdPartyNotices.txt'), 'utf8');
  bill = JSON.parse(await readFile(join(stage, 'sbom.cdx.json'), 'utf8')) as typeof bill;
});
afterAll(() => rm(join(stage, '..'), { recursive: true }));

/** What ships, by what the source maps of the bundles name and by the folders beside them. */
async function shippedPackages(): Promise<string[]> {
  const dist = await readdir(join(root, 'dist'));
  const maps = dist.filter((name) => name.endsWith('.map'));
  const texts = await Promise.all(maps.map((name) => readFile(join(root, 'dist', name), 'utf8')));
  const sources = texts.flatMap((text) => (JSON.parse(text) as { sources: string[] }).sources);
  const bundled = sources.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  const beside = await readdir(join(stage, 'dist', 'node_modules'));
  return [...new Set([...bundled, ...beside, ...UNMAPPED])].filter((name) => name !== undefined);
}

async function versionOf(name: string): Promise<string> {
  const manifest = await readFile(join(modules, name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

const lines = (text: string): string => text.replaceAll('\r\n', '\n').trim();

describe('the notices of what ships', () => {
  it('name every package with its version, and hold each licence text that it brings', async () => {
    const names = await shippedPackages();
    expect(names).toEqual(
      expect.arrayContaining(['apache-arrow', 'onnxruntime-node', 'tokenizers', 'valibot']),
    );
    for (const name of names) {
      expect(notices).toContain(`\n${name} ${await versionOf(name)} (`);
      const files = (await readdir(join(modules, name))).filter((file) => /^licen[cs]e|notice/i.test(file));
      for (const file of files) {
        expect(notices).toContain(lines(await readFile(join(modules, name, file), 'utf8')));
      }
    }
  });

  it('hold what the native libraries are made of', () => {
    expect(notices).toContain('Copyright (c) Microsoft Corporation');
    expect(notices).toContain('THIRD PARTY SOFTWARE NOTICES AND INFORMATION');
    expect(notices).toMatch(/\nonig_sys \(MIT\)\n[^]*Oniguruma LICENSE/);
  });

  it('cover every crate that the tokenizers library names', async () => {
    const library = await readFile(join(modules, 'tokenizers', 'tokenizers.linux-x64-gnu.node'), 'latin1');
    const crates = library.matchAll(/index\.crates\.io-[0-9a-f]+\/([\w-]+?)-(\d+\.\d+\.\d+)\//g);
    const named = new Set([...crates].map(([, name, version]) => `${name!} ${version!}`));
    expect(named.size).toBeGreaterThan(20);
    for (const crate of named) expect(notices).toContain(`\n${crate} (`);
  });

  it('are listed in the bill of materials, each once', async () => {
    const listed = bill.components.map(({ name }) => name);
    expect(listed).toEqual(expect.arrayContaining(await shippedPackages()));
    const references = bill.components.map(({ purl }) => purl);
    expect(new Set(references).size).toBe(references.length);
    expect(bill.components.every(({ licenses }) => licenses.length === 1)).toBe(true);
  });
});
