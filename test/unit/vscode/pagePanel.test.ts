import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LensError } from '../../../src/core/common/errors';
import { selectionPage } from '../../../src/protocol/pages/selection';
import { PinnedNeurons } from '../../../src/vscode/pins/pinnedNeurons';
import { PagePanel } from '../../../src/vscode/panels/pagePanel';
import type { PanelServices } from '../../../src/vscode/panels/commonAnswers';
import { selectionMessage } from '../../webview/messages';
import { FakeMemento } from './fakeEditor';
import { editorPanel } from './fakePanel';

const { editor, vscode } = await vi.hoisted(async () => (await import('./fakeEditor')).fakeEditor());
vi.mock('vscode', () => ({
  ...vscode,
  env: { language: 'en' },
  Uri: { joinPath: (base: string, ...parts: string[]) => [base, ...parts].join('/') },
}));

const logged: string[] = [];
const pins = new PinnedNeurons(new FakeMemento());
const services = {
  context: { extensionUri: 'extension:' },
  log: { error: (message: string) => logged.push(message), show: () => undefined },
  pins,
} as unknown as PanelServices;
const shown = { profile: '/p', profileName: 'docs' };
const { selection } = selectionMessage().answers;

beforeEach(() => {
  for (const list of [logged, editor.questions, editor.ran]) list.length = 0;
});

function open(answer: () => Promise<unknown> = () => Promise.resolve(selection)) {
  const opened = editorPanel();
  const page = new PagePanel(services, opened.panel, selectionPage, () => shown, {
    selection: answer as () => Promise<never>,
  });
  return { ...opened, page };
}

describe('a panel', () => {
  it('loads its page, answers it, and leaves it alone once it is closed', async () => {
    const { document, call, page, close, posted } = open();
    expect(document()).toContain('src="extension:/dist/webview/selection.js"');
    expect(await call('selection')).toMatchObject({ kind: 'result', value: selection });
    close();
    const before = posted.length;
    page.notice('Too late.');
    await pins.set({ ...shown, id: 'L0.N1' }, true);
    await call('selection');
    expect(posted).toHaveLength(before);
  });

  it('tells the page how the reader reads, what is pinned, and what is new', async () => {
    await pins.set({ ...shown, id: 'L0.N1' }, true);
    const { call, news, page } = open();
    void call('listen');
    expect(news()).toEqual([
      { type: 'reader', language: 'en', singleKeyShortcuts: true },
      { type: 'pinned', neurons: ['L0.N1'] },
    ]);
    await call('pin', { neuron: 'L5.N90', pinned: true });
    expect(news().at(-1)).toEqual({ type: 'pinned', neurons: ['L0.N1', 'L5.N90'] });
    await pins.set({ profile: '/other', profileName: 'other', id: 'L9.N9' }, true);
    expect(news()).toHaveLength(3);
    page.show('L3.N652');
    expect(news()).toContainEqual({ type: 'show', subject: 'L3.N652' });
  });

  it('passes what fails on to the page that waits for it, and logs it', async () => {
    const { call } = open(() => Promise.reject(new LensError('not-found', 'The profile is gone.')));
    expect(await call('selection')).toMatchObject({
      kind: 'failure',
      failure: { message: 'The profile is gone.' },
    });
    expect(logged).toEqual(['The profile is gone.']);
    expect(editor.questions).toEqual([]);
  });

  it('shows the failure of a wish itself, as the page does not wait for it', async () => {
    const { call } = open();
    vi.spyOn(pins, 'set').mockRejectedValueOnce(new LensError('write-failed', 'The disk is full.'));
    expect(await call('pin', { neuron: 'L0.N1', pinned: true })).toMatchObject({
      kind: 'result',
      value: null,
    });
    expect(editor.questions).toEqual(['The disk is full.']);
  });

  it('opens neurons of its own profile by the command', async () => {
    const { call } = open();
    await call('openNeuron', { neuron: 'L3.N652' });
    expect(editor.ran).toEqual([['neuronLens.openNeuron', { ...shown, id: 'L3.N652' }]]);
  });
});
