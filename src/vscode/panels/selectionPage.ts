import * as v from 'valibot';
import { ViewColumn, window, type Disposable, type TextEditor, type WebviewPanel } from 'vscode';
import { LensError, toLensError } from '../../core/common/errors';
import type { SelectionAnswer } from '../../core/selection/selectionAnswer';
import { selectionStateSchema, type MessageToHost } from '../../protocol/webview';
import { modelOf, type ProfileEntry } from '../profiles/profileEntry';
import { showError } from '../showError';
import { hostPanel, panelIcon, panelOptions, preferences, type PanelServices } from './panelHost';
import { answerCommonRequest } from './panelRequests';

const TYPE = 'neuronLens.selection';
/** Neurons that the page lists. */
const LISTED = 50;

/** Opens a page with the neurons that answer most to what is selected in an editor. */
export function explainSelection(lens: PanelServices, column = ViewColumn.Beside): void {
  const editor = window.activeTextEditor;
  if (!editor || editor.selection.isEmpty)
    throw new LensError('usage', 'Select some text in an editor first.');
  const { entry } = lens.current;
  if (!entry) {
    throw new LensError(
      'usage',
      'A selection is compared with a profile, and there is none yet. Profile some text first: right-click a file and choose "Profile with Neuron Lens".',
    );
  }
  const panel = window.createWebviewPanel(TYPE, 'Selection', column, panelOptions(lens.context));
  showSelection(lens, panel, entry, ask(lens, editor, entry));
}

/** Lets pages come back with what they showed when the window is loaded anew. */
export function restoreSelections(lens: PanelServices): Disposable {
  return window.registerWebviewPanelSerializer(TYPE, {
    deserializeWebviewPanel: async (panel, kept: unknown) => {
      const parsed = v.safeParse(selectionStateSchema, kept);
      const entry = parsed.success ? await lens.library.find(parsed.output.profile) : null;
      if (!parsed.success || entry === null || !('manifest' in entry)) panel.dispose();
      else showSelection(lens, panel, entry, Promise.resolve(parsed.output.answer));
    },
  });
}

function ask(
  lens: PanelServices,
  { document, selection }: TextEditor,
  entry: ProfileEntry,
): Promise<SelectionAnswer> {
  return lens.engine.calls.selection({
    ...modelOf(entry),
    profile: entry.folder,
    source: { file: document.uri.scheme === 'file' ? document.uri.fsPath : null, text: document.getText() },
    start: document.offsetAt(selection.start),
    end: document.offsetAt(selection.end),
    limit: LISTED,
  });
}

function showSelection(
  lens: PanelServices,
  panel: WebviewPanel,
  entry: ProfileEntry,
  answer: Promise<SelectionAnswer>,
): void {
  panel.iconPath = panelIcon(lens.context);
  const shown = { profile: entry.folder, profileName: entry.name };
  const send = async () => {
    host.post({ type: 'loading', subject: 'the neurons of the selection' });
    try {
      host.post({
        type: 'selection',
        profile: { id: entry.folder, name: entry.name },
        answer: await answer.then((found) => ({
          ...found,
          background: { ...found.background, profile: entry.name },
        })),
        pinnedNeurons: lens.pins.all.filter((pin) => pin.profile === entry.folder).map((pin) => pin.id),
        preferences: preferences(),
      });
    } catch (thrown) {
      const error = toLensError(thrown);
      lens.log.error(error.message, error.cause ?? error.stack ?? '');
      host.post({ type: 'error', message: error.message });
    }
  };
  const receive = async (message: MessageToHost) => {
    try {
      if (message.type === 'ready') await send();
      else await answerCommonRequest(lens, shown, message, host);
    } catch (thrown) {
      await showError(lens, thrown);
    }
  };
  const host = hostPanel(lens.context, panel, 'selection', (message) => void receive(message));
  const pins: Disposable = lens.pins.onDidChange(({ profile, id }) => {
    if (profile === entry.folder)
      host.post({ type: 'pinned', neuron: id, pinned: lens.pins.has(profile, id) });
  });
  panel.onDidDispose(() => void pins.dispose());
}
