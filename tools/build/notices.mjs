/** What others' work an extension package holds: the texts of its licences, and a bill of materials (CycloneDX). */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPackages } from './bundledPackages.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const LICENCE_FILE = /^(licen[cs]e|copying|notice|third-?party-?notices|copyright)/i;

/** Packages that bring no licence text: where it lies instead (licences/collect.mjs). */
const TEXTS_ELSEWHERE = { 'onnxruntime-node': 'onnxruntime', 'onnxruntime-common': 'onnxruntime' };

/**
 * @typedef {object} Component
 * @property {string} name
 * @property {string | null} version null where a binary does not say it
 * @property {string} licence SPDX expression
 * @property {'npm' | 'cargo'} kind
 * @property {string[]} texts its licence, and what else must go with it
 */

/**
 * Everything that ships and is not ours: what is bundled, the packages beside the bundles, and what these are linked from.
 * @param {readonly string[]} beside names of the packages that lie beside the bundles
 * @returns {Promise<Component[]>} in the order of their names
 * @throws when a package has no licence text
 */
export async function shippedComponents(beside) {
  const folders = [...(await bundledPackages()), ...beside.map((name) => `node_modules/${name}`)];
  const components = await Promise.all(folders.map(npmComponent));
  const { version } = components.find(({ name }) => name === 'tokenizers');
  components.push(...(await crates(version)));
  return components.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const key = ({ name, kind, version }) => `${name} ${kind} ${version}`;

async function npmComponent(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
  const elsewhere = TEXTS_ELSEWHERE[name];
  const texts = await textsIn(elsewhere ? collected(`${elsewhere}-${version}`) : join(root, folder));
  if (texts.length === 0) throw new Error(`No licence text in ${folder}.`);
  return { name, version, licence: license, kind: 'npm', texts };
}

async function textsIn(folder) {
  const files = (await readdir(folder)).filter((name) => LICENCE_FILE.test(basename(name))).sort();
  return Promise.all(files.map(async (file) => tidy(await readFile(join(folder, file), 'utf8'))));
}

async function crates(version) {
  const file = collected(`tokenizers-${version}.json`);
  const { crates, texts } = JSON.parse(await readFile(file, 'utf8'));
  return crates.map(({ texts: numbers, licence, ...crate }) => ({
    ...crate,
    // The older way to write a choice.
    licence: licence.replaceAll('/', ' OR '),
    kind: 'cargo',
    texts: numbers.map((number) => tidy(texts[number])),
  }));
}

function collected(name) {
  const path = join(root, 'tools', 'build', 'licences', name);
  if (existsSync(path)) return path;
  throw new Error(`The licence texts of ${name} are missing: run tools/build/licences/collect.mjs.`);
}

const tidy = (text) => text.replaceAll('\r\n', '\n').trim();

/** The texts for people: each once, under the names of all that it covers. */
export function noticesText(components) {
  const covered = new Map();
  for (const component of components) {
    const title = [component.name, component.version, `(${component.licence})`].filter(Boolean).join(' ');
    for (const text of component.texts) covered.set(text, [...(covered.get(text) ?? []), title]);
  }
  const line = '='.repeat(100);
  const sections = [...covered].map(
    ([text, titles]) => `${line}\n${titles.join('\n')}\n${line}\n\n${text}\n`,
  );
  return `Neuron Lens holds the work of others. What it is, and the licences under which it is given:\n\n${sections.join('\n')}`;
}

/** CycloneDX 1.6 as JSON; the same for the same components. */
export function billOfMaterials(components, { name, version, license }) {
  const listed = components.map(component);
  const digest = createHash('sha256')
    .update(JSON.stringify([name, version, listed]))
    .digest('hex');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')}`,
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': `${name}@${version}`,
        name,
        version,
        licenses: [{ license: { id: license } }],
      },
    },
    components: listed,
  };
}

function component({ name, version, licence, kind }) {
  const versioned = version === null ? {} : { version };
  const purl = `pkg:${kind}/${name.replace('@', '%40')}${version === null ? '' : `@${version}`}`;
  return { type: 'library', 'bom-ref': purl, name, ...versioned, licenses: [{ expression: licence }], purl };
}
