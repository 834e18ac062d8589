import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import type { ExtensionContext, TreeDataProvider, TreeItem } from 'vscode';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { manifestText } from '../../../src/core/profile/manifestFile';
import type { Lens } from '../../../src/vscode/lens';
import { ProfileLibrary } from '../../../src/vscode/profiles/profileLibrary';
import type { ProfileNode } from '../../../src/vscode/views/nodes';
import { activateProfilesView } from '../../../src/vscode/views/profilesView';
import { hiddenIn, HOSTILE_TEXTS } from '../../faults/hostileTexts';
import { temporaryFolder } from '../files/temporaryFolder';
import { madeTexts, requestFor, SILENT } from '../pipeline/fakes';

const { trees, vscode } = await vi.hoisted(async () => (await import('./fakeTrees')).fakeTrees());
vi.mock('vscode', () => vscode);

/** What a field may hold after an accident, as JSON. */
const BROKEN = [
  'null',
  '-1',
  '1e400',
  '1e300',
  '""',
  '"no date"',
  '"9999-99-99T99:99:99Z"',
  '{}',
  '[]',
  '[[]]',
  'true',
];

const home = temporaryFolder();
let manifest: Record<string, unknown>;

beforeAll(async () => {
  const request = requestFor(madeTexts(8, 40));
  await runProfile(request, SILENT, new AbortController().signal);
  const bytes = request.store.files.get('manifest.json');
  manifest = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  delete manifest['check'];
});

/** Where the values of an object are, as paths of keys; lists and records count as values. */
function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, below]) => pathsOf(below).map((path) => [key, ...path])),
  ];
}

/** The manifest as JSON with one value replaced. */
function broken(path: readonly string[], json: string): string {
  const marked = structuredClone(manifest);
  let holder = marked;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  holder[path.at(-1)!] = 'HERE';
  return JSON.stringify(marked).replace('"HERE"', json);
}

/** Writes a manifest with the check that belongs to it, so that only its fields are wrong. */
function writeProfile(name: string, json: string): void {
  const { check } = JSON.parse(manifestText(JSON.parse(json) as object)) as { check: number };
  mkdirSync(join(home.path, 'profiles', name), { recursive: true });
  writeFileSync(join(home.path, 'profiles', name, 'manifest.json'), json.replace(/}$/, `,"check":${check}}`));
}

/** The lines of the tree as the editor asks for them. */
async function linesOf(): Promise<{ node: ProfileNode; item: TreeItem }[]> {
  const context = {
    storageUri: { fsPath: home.path },
    workspaceState: { get: (_key: string, fallback: unknown) => fallback },
  } as unknown as ExtensionContext;
  const onDidChange = () => ({ dispose: () => undefined });
  activateProfilesView({
    library: new ProfileLibrary(context),
    current: { onDidChange, entry: null },
    runs: { onDidChange, current: null, waiting: [] },
    tests: { onDidChange, current: null },
  } as unknown as Lens);
  const tree = trees.tree as TreeDataProvider<ProfileNode>;
  const nodes = (await tree.getChildren()) ?? [];
  return Promise.all(nodes.map(async (node) => ({ node, item: await tree.getTreeItem(node) })));
}

it('shows every profile whatever one field of another holds', async () => {
  writeProfile('whole', JSON.stringify(manifest));
  const paths = pathsOf(manifest).filter((path) => path.length > 0);
  for (const [place, path] of paths.entries())
    for (const [kind, json] of BROKEN.entries()) writeProfile(`broken-${place}-${kind}`, broken(path, json));
  const lines = await linesOf();
  expect(paths.length).toBeGreaterThan(30);
  expect(lines).toHaveLength(1 + paths.length * BROKEN.length);
  expect(lines.find(({ item }) => item.label === 'whole')?.item.contextValue).toBe(
    'profile.complete.elsewhere',
  );
  const date = paths.findIndex((path) => path.join('.') === 'created');
  const damaged = lines
    .filter(({ item }) => item.contextValue === 'profile.damaged')
    .map(({ item }) => item.label);
  for (const kind of BROKEN.keys()) expect(damaged).toContain(`broken-${date}-${kind}`);
  for (const { item } of lines) expect(String(item.description)).not.toMatch(/undefined|Invalid|\[object/);
});

it('shows names of strangers without icons of theirs and without what is hidden', async () => {
  for (const [index, text] of HOSTILE_TEXTS.entries()) {
    const corpus = { ...(manifest['corpus'] as object), root: text };
    const model = { ...(manifest['model'] as object), id: text };
    writeProfile(`profile-${index}`, JSON.stringify({ ...manifest, corpus, model }));
    writeFileSync(
      join(home.path, 'profiles', `profile-${index}.order.json`),
      JSON.stringify({ name: text, model: text, inputs: [], root: text, exclude: [] }),
    );
  }
  const lines = await linesOf();
  expect(lines).toHaveLength(HOSTILE_TEXTS.length);
  for (const { item } of lines) {
    const shown = [item.label, item.description, item.tooltip].map(String);
    expect(hiddenIn(shown.join('\n'), '\n')).toEqual([]);
    expect(shown.slice(0, 2).join(' ')).not.toMatch(/\$\(/);
    expect(shown[2]!.split('\n')).toHaveLength(5);
  }
});
