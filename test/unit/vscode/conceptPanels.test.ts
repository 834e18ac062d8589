import { tableFromIPC } from 'apache-arrow';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenConcept, ShownEvidence } from '../../../src/core/concepts/conceptReading';
import { ConceptPanels } from '../../../src/vscode/panels/conceptPanels';
import type { PanelServices } from '../../../src/vscode/panels/commonAnswers';
import type { ShownConcept } from '../../../src/protocol/pages/concept';
import { conceptMessage, sampleConcept, unnamedConcept } from '../../webview/conceptMessages';
import { editorPanel } from './fakePanel';

import type { EventEmitter } from 'vscode';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
const {
  opened,
  serializers,
  vscode: panels,
} = await vi.hoisted(async () => (await import('./fakePanel')).fakePanels());
const copied: string[] = [];
vi.mock('vscode', () => ({
  ...vscode,
  ...panels,
  env: {
    ...{ language: 'en', uriScheme: 'vscode' },
    clipboard: { writeText: (text: string) => Promise.resolve(copied.push(text)) },
  },
}));

const { concept: shown, evidence } = conceptMessage().answers as unknown as {
  concept: ShownConcept;
  evidence: Record<string, ShownEvidence>;
};
const stored = [sampleConcept, unnamedConcept];
const read = vi.fn((name: string): Promise<OpenConcept | null> => {
  const concept = stored.find((one) => one.name === name);
  const neuron = (id: string) => Promise.resolve(evidence[id]!);
  return Promise.resolve(
    concept ? { run: shown.run, concept, controls: shown.controls, labeller: null, neuron } : null,
  );
});
const results = {
  concepts: [
    ...stored,
    {
      ...unnamedConcept,
      name: 'clock times',
      neurons: [{ ...sampleConcept.neurons[0]!, under: 'Duration unit' }],
    },
    { ...sampleConcept, name: 'URLs', refused: 'too few', neurons: [] },
  ],
  names: { ...shown.names, 'L9.N9': { concept: 'another', auroc: 0.9, ap: 0.9 } },
  named: shown.named,
  partial: true,
};
const changed = new (vscode as { EventEmitter: new () => EventEmitter<object | null> }).EventEmitter();
const tests = {
  ...{ changed, onDidChange: changed.event, cancel: vi.fn() },
  current: null as object | null,
};
const services = {
  tests,
  context: { extensionUri: 'extension:', extension: { id: 'our.lens' } },
  log: { error: () => undefined },
  pins: { all: [], onDidChange: () => ({ dispose: () => undefined }) },
  library: {
    find: (folder: string) =>
      Promise.resolve(folder === '/p' ? { folder, name: 'docs', manifest: {} } : null),
    onDidChange: () => ({ dispose: () => undefined }),
  },
  current: { reader: () => Promise.resolve({ manifest: { ...shown.manifest, files: {} }, concept: read }) },
  concepts: { of: () => Promise.resolve(results) },
} as unknown as PanelServices;

const target = (concept: string) => ({ profile: '/p', profileName: 'docs', concept });

beforeEach(() => {
  for (const list of [opened, serializers, copied, editor.ran]) list.length = 0;
  read.mockClear();
});

describe('the pages of concepts', () => {
  it('answer with all that the page shows, of the other concepts only what touches this one', async () => {
    new ConceptPanels(services).show(target('Duration unit'));
    const answer = (await opened[0]!.call('concept')) as { value: ShownConcept };
    expect(answer.value).toEqual({
      ...shown,
      profile: { id: '/p', name: 'docs' },
      ...{ nested: ['clock times'], partial: true },
      refused: [{ name: 'URLs', reason: 'too few' }],
    });
    expect(await opened[0]!.call('evidence', { concept: 'Duration unit', neuron: 'L5.N90' })).toMatchObject({
      value: { id: 'L5.N90' },
    });
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('have controls made of the whole test, and tell what is under way on their own profile', async () => {
    new ConceptPanels(services).show(target('Duration unit'));
    const [panel] = opened;
    void panel!.call('watchTests');
    const progress = () =>
      panel!.posted.filter(({ kind }) => kind === 'progress').map(({ value }) => value as object);
    const control = { folder: '/p', name: 'docs', control: 'shuffled', progress: null };
    tests.current = control;
    tests.changed.fire(control);
    tests.changed.fire({ ...control, folder: '/other' });
    expect(progress()).toEqual([
      { running: null },
      { running: { control: 'shuffled', step: 'opening the model' } },
      { running: null },
    ]);
    await panel!.call('testControl', { control: 'shuffled' });
    expect(editor.ran.at(-1)).toEqual([
      'neuronLens.testControl',
      { entry: { folder: '/p', name: 'docs', manifest: {} }, control: 'shuffled' },
    ]);
    const wrong = {
      ...{ concept: 'Duration unit', outcome: 'hits' },
      place: { file: 'a.md', start: 1, end: 3 },
    };
    await panel!.call('wrongLabel', wrong);
    expect(editor.ran.at(-1)).toMatchObject([
      'neuronLens.keepException',
      { entry: { folder: '/p' }, ...wrong },
    ]);
    await panel!.call('stopTest');
    expect(tests.cancel).toHaveBeenCalledOnce();
    panel!.close();
    const told = progress().length;
    tests.changed.fire(control);
    expect(progress()).toHaveLength(told);
  });

  it('write the neurons as an Arrow file, and copy a link', async () => {
    new ConceptPanels(services).show(target('Duration unit'));
    await import('../../../src/vscode/profiles/profileTables');
    const [panel] = opened;
    await panel!.call('arrow', { concept: 'Duration unit' });
    await vi.waitFor(() =>
      expect(panel!.posted.some(({ id, kind }) => id === 1 && kind === 'result')).toBe(true),
    );
    const { value } = panel!.posted.find(({ id, kind }) => id === 1 && kind === 'result')!;
    const table = tableFromIPC(Buffer.from(String(value), 'base64'));
    expect([...table.getChild('neuron')!]).toEqual(sampleConcept.neurons.map(({ id }) => id));
    await panel!.call('copyConceptLink');
    expect(copied).toEqual(['vscode://our.lens/concept?profile=%2Fp&id=Duration+unit']);
  });

  it('show one concept after the other in the page that was used last, and say what is not there', async () => {
    const pages = new ConceptPanels(services);
    pages.show(target('Duration unit'));
    pages.show(target(unnamedConcept.name));
    expect(opened).toHaveLength(1);
    expect(opened[0]!.panel.title).toBe(unnamedConcept.name);
    expect(opened[0]!.revealed()).toBe(1);
    const late = await opened[0]!.call('evidence', { concept: 'Duration unit', neuron: 'L5.N90' });
    expect(late).toMatchObject({ kind: 'failure', failure: { code: 'cancelled' } });
    pages.show(target('no such'));
    expect(await opened[0]!.call('concept')).toMatchObject({
      failure: { message: expect.stringContaining('"no such" was not tested on docs') as string },
    });
    opened[0]!.close();
    pages.show(target('Duration unit'));
    expect(opened).toHaveLength(2);
  });

  it('come back after a reload, those whose state is known', async () => {
    const pages = new ConceptPanels(services);
    pages.restore();
    const back = editorPanel();
    await serializers[0]!.deserializeWebviewPanel(back.panel, {
      profile: '/p',
      concept: 'Duration unit',
      tab: 'hits',
    });
    expect(back.panel.title).toBe('Duration unit');
    expect(await back.call('concept')).toMatchObject({ value: { profile: { id: '/p', name: 'docs' } } });
    pages.show(target(unnamedConcept.name));
    expect([opened.length, back.panel.title]).toEqual([0, unnamedConcept.name]);
    const dispose = vi.fn();
    await serializers[0]!.deserializeWebviewPanel({ dispose }, { profile: 7 });
    expect(dispose).toHaveBeenCalledOnce();
  });
});
