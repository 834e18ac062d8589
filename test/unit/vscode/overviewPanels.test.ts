import { beforeEach, expect, it, vi } from 'vitest';
import { runProfile } from '../../../src/core/pipeline/profileRun';
import { openProfile } from '../../../src/core/profile/openProfile';
import type { ShownOverview } from '../../../src/protocol/pages/overview';
import type { PanelServices } from '../../../src/vscode/panels/commonAnswers';
import { OverviewPanels } from '../../../src/vscode/panels/overviewPanels';
import { madeTexts, requestFor, SILENT, zlib } from '../pipeline/fakes';
import { editorPanel } from './fakePanel';

import type { EventEmitter } from 'vscode';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
const {
  opened,
  serializers,
  vscode: panels,
} = await vi.hoisted(async () => (await import('./fakePanel')).fakePanels());
vi.mock('vscode', () => ({ ...vscode, ...panels }));

const request = requestFor(madeTexts(8, 40));
await runProfile(request, SILENT, new AbortController().signal);
const profile = await openProfile({ store: request.store, compression: zlib });
const changed = new (vscode as { EventEmitter: new () => EventEmitter<void> }).EventEmitter();
const entry = { folder: '/p', name: 'docs', manifest: {} };
const results = {
  concepts: [{ name: 'digits', family: 'spelling', refused: null, neurons: [] }],
  names: { 'L1.N2': { concept: 'digits', auroc: 0.9, ap: 0.7 } },
  named: { neurons: 1, of: 8 },
};
const controls = [{ control: 'shuffled', named: { neurons: 0, of: 8 } }];
const services = {
  context: { extensionUri: 'extension:' },
  log: { error: () => undefined },
  pins: { all: [], onDidChange: () => ({ dispose: () => undefined }) },
  library: {
    find: (folder: string) => Promise.resolve(folder === '/p' ? entry : null),
    onDidChange: changed.event,
  },
  current: { reader: () => Promise.resolve(profile) },
  concepts: { of: () => Promise.resolve(results), controls: () => Promise.resolve(controls) },
} as unknown as PanelServices;
const docs = { profile: '/p', profileName: 'docs' };

beforeEach(() => {
  for (const list of [opened, serializers, editor.ran]) list.length = 0;
});

/** Asks a page for something, and waits for the answer. */
async function answerOf(panel: ReturnType<typeof editorPanel>, method: string, params: object = {}) {
  const told = panel.posted.filter(({ kind }) => kind !== 'progress').length;
  await panel.call(method, params);
  const answers = () => panel.posted.filter(({ kind }) => kind !== 'progress');
  await vi.waitFor(() => expect(answers().length).toBeGreaterThan(told));
  return answers().at(-1)!;
}

it('answers from the profile and what concepts gave on it, without an engine', async () => {
  new OverviewPanels(services).show(docs);
  const [panel] = opened;
  const { value } = (await answerOf(panel!, 'overview')) as { value: ShownOverview };
  expect(value.profile).toEqual({ id: '/p', name: 'docs' });
  expect(value.overview).toMatchObject({
    named: { named: results.named, shuffled: { neurons: 0, of: 8 } },
    strips: { metric: 'density' },
  });
  const [first] = value.overview.first;
  expect(first).toMatchObject({ id: 'L1.N2', name: results.names['L1.N2'] });
  const { value: strips } = await answerOf(panel!, 'strips', { metric: 'max' });
  expect(strips).toMatchObject({ metric: 'max', layers: [{ layer: 'L0' }, { layer: 'L1' }] });
  const { value: tokens } = await answerOf(panel!, 'strongestTokens', { neurons: [first!.id] });
  const { facts } = await profile.neuron({ part: 'model', layer: 1, block: null, expert: null, neuron: 2 });
  expect(facts.strongestTokens.length).toBeGreaterThan(0);
  expect(tokens).toEqual([facts.strongestTokens.map(({ token, tokenId }) => ({ token, tokenId }))]);
});

it('has concepts tested, the control made and a report saved on its own profile', async () => {
  new OverviewPanels(services).show(docs);
  const [panel] = opened;
  await answerOf(panel!, 'testConcepts');
  await answerOf(panel!, 'testShuffled');
  await answerOf(panel!, 'saveReport');
  expect(editor.ran).toEqual([
    ['neuronLens.testConcepts', { kind: 'profile', entry }],
    ['neuronLens.testControl', { entry, control: 'shuffled' }],
    ['neuronLens.openReport', { kind: 'profile', entry }],
  ]);
});

it('shows profile after profile in one tab, anew when there is something newer, and comes back after a reload', async () => {
  const pages = new OverviewPanels(services);
  pages.show(docs);
  pages.show({ profile: '/q', profileName: 'others' });
  expect([opened.length, opened[0]!.panel.title]).toEqual([1, 'Overview: others']);
  void opened[0]!.call('listen');
  changed.fire();
  expect(opened[0]!.news()).toContainEqual({ type: 'show', subject: 'Overview: others' });
  pages.restore();
  const back = editorPanel();
  await serializers[0]!.deserializeWebviewPanel(back.panel, { profile: '/p', metric: 'max', all: true });
  expect(back.panel.title).toBe('Overview: docs');
  back.close();
  changed.fire();
  const dispose = vi.fn();
  await serializers[0]!.deserializeWebviewPanel({ dispose }, { profile: '/p', metric: 'no such' });
  expect(dispose).toHaveBeenCalledOnce();
});
