import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import texts from '../../../package.nls.json';

const root = join(import.meta.dirname, '../../..');
const source = join(root, 'src/vscode');
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(source, file), 'utf8'))
  .join('\n');
const { commands, menus, configuration, views, viewsWelcome } = manifest.contributes;
const contributed = commands.map(({ command }) => command);

const NEURON = /`(L\d+\.N\d+)`/g;

/** Every match of a pattern's first group. */
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);

describe('what the manifest promises', () => {
  it('is registered, command by command', () => {
    const registered = all(code, /register(?:For\(lens\))?\(\s*'(\w+)'/g).map((name) => `neuronLens.${name}`);
    // Run from a line of the tree or from a page only: they have no place in the palette.
    const internal = ['neuronLens.showMoreNeurons', 'neuronLens.keepException'];
    expect(registered.filter((name) => !internal.includes(name)).sort()).toEqual([...contributed].sort());
  });

  it('has no menu, link or view action that leads nowhere', () => {
    const inMenus = Object.values(menus).flatMap((entries) => entries.map(({ command }) => command));
    const inTexts = Object.values(texts).flatMap((text) => all(text, /\(command:(neuronLens\.\w+)\)/g));
    const unknown = [...inMenus, ...inTexts].filter((command) => !contributed.includes(command));
    expect(unknown).toEqual([]);
    expect(inMenus.length).toBeGreaterThan(20);
  });

  it('has a text for every key, and no text that nothing shows', () => {
    const keys = all(JSON.stringify(manifest), /"%([\w.]+)%"/g);
    expect([...new Set(keys)].sort()).toEqual(Object.keys(texts).sort());
  });

  it('offers every setting that the code reads', () => {
    const read = all(code, /(?:\bread<.+?>\(|\.update\()'([\w.]+)'/g).map((name) => `neuronLens.${name}`);
    const known = Object.keys(configuration.properties);
    expect(read.filter((name) => !known.includes(name))).toEqual([]);
    expect(read.length).toBeGreaterThan(6);
  });

  it('shows newcomers only neurons that docs/embedded-model.md accounts for', () => {
    const steps = manifest.contributes.walkthroughs.flatMap(({ steps }) => steps);
    const named = steps.flatMap(({ media }) => all(readFileSync(join(root, media.markdown), 'utf8'), NEURON));
    const accountedFor = all(readFileSync(join(root, 'docs/embedded-model.md'), 'utf8'), NEURON);
    expect(named.filter((neuron) => !accountedFor.includes(neuron))).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
  });

  it('has the pictures that it names', () => {
    const pictures = all(JSON.stringify(manifest), /"(media\/[^"]+)"/g);
    expect(pictures.length).toBeGreaterThan(0);
    expect(pictures.filter((picture) => !existsSync(join(root, picture)))).toEqual([]);
  });

  it('has a sentence in every view that can be empty', () => {
    const empty = viewsWelcome.map(({ view }) => view);
    expect(views.neuronLens.map(({ id }) => id).filter((id) => !empty.includes(id))).toEqual([]);
  });
});
