import * as v from 'valibot';
import { ViewColumn, window, type Disposable, type TextEditor, type WebviewPanel } from 'vscode';
import { LensError } from '../../core/common/errors';
import { likelyMeaning } from '../../core/concepts/neuronMeaning';
import type { SelectionAnswer } from '../../core/selection/selectionAnswer';
import { selectionPage } from '../../protocol/pages/selection';
import { modelOf, type ProfileEntry } from '../profiles/profileEntry';
import { editorWithSelection } from '../editorWithSelection';
import type { PanelServices } from './commonAnswers';
import { PagePanel, panelOptions, panelType } from './pagePanel';

/** Neurons that the page lists. */
const LISTED = 50;

/** Opens a page with the neurons that answer most to what is selected in an editor. */
export function explainSelection(services: PanelServices, column = ViewColumn.Beside): void {
  const editor = editorWithSelection();
  const { entry } = services.current;
  if (!entry) {
    throw new LensError(
      'usage',
      'A selection is compared with a profile, and there is none yet. Profile some text first: right-click a file and choose "Profile with Neuron Lens".',
    );
  }
  const options = panelOptions(services.context);
  const panel = window.createWebviewPanel(panelType(selectionPage), 'Selection', column, options);
  showSelection(services, panel, entry, ask(services, editor, entry));
}

/** Lets pages come back with what they showed when the window is loaded anew. */
export function restoreSelections(services: PanelServices): Disposable {
  return window.registerWebviewPanelSerializer(panelType(selectionPage), {
    deserializeWebviewPanel: async (panel, kept: unknown) => {
      const parsed = v.safeParse(selectionPage.state, kept);
      const entry = parsed.success ? await services.library.find(parsed.output.profile) : null;
      if (!parsed.success || entry === null || !('manifest' in entry)) panel.dispose();
      else showSelection(services, panel, entry, Promise.resolve(parsed.output.answer));
    },
  });
}

function ask(
  { engine }: PanelServices,
  { document, selection }: TextEditor,
  entry: ProfileEntry,
): Promise<SelectionAnswer> {
  return engine.calls.selection({
    ...modelOf(entry),
    profile: entry.folder,
    source: { file: document.uri.scheme === 'file' ? document.uri.fsPath : null, text: document.getText() },
    start: document.offsetAt(selection.start),
    end: document.offsetAt(selection.end),
    limit: LISTED,
  });
}

function showSelection(
  services: PanelServices,
  panel: WebviewPanel,
  { folder, name }: ProfileEntry,
  asked: Promise<SelectionAnswer>,
): void {
  // The page asks for it later, or never.
  asked.catch(() => undefined);
  new PagePanel(services, panel, selectionPage, () => ({ profile: folder, profileName: name }), {
    selection: async () => {
      const answer = await asked;
      const background = { ...answer.background, profile: name };
      const results = await services.concepts.of(folder);
      const meanings =
        results && Object.fromEntries(answer.rows.map(({ id }) => [id, likelyMeaning(results, id) ?? '']));
      const found = await services.tokens.of(
        folder,
        answer.rows.map(({ id }) => id),
      );
      const tokens = Object.fromEntries(Array.from(found, ([id, strongest]) => [id, [...strongest]]));
      return { profile: { id: folder, name }, answer: { ...answer, background }, meanings, tokens };
    },
  });
}
