import { Range, Uri, ViewColumn, window, workspace, type Memento } from 'vscode';
import { formatCount } from '../../core/common/numberFormat';
import type { Profile } from '../../core/profile/openProfile';
import { findCorpusFile } from './corpusRoots';
import { findPlace, type Place } from './findPlace';

/**
 * Opens the file of an example with its token selected.
 * @param profile the one that the example is from
 * @returns what a reader should be told: that the file changed, or is gone; null when the place is the very one
 */
export async function openPlace(
  profile: Pick<Profile, 'manifest'>,
  memory: Memento,
  place: Place & { readonly file: string },
): Promise<string | null> {
  const path = await findCorpusFile(memory, profile.manifest.corpus.root, place.file);
  if (path === null) return `${place.file} was not found. The text shown here was kept in the profile.`;
  const document = await workspace.openTextDocument(Uri.file(path));
  const found = findPlace(document.getText(), place);
  const range = new Range(document.positionAt(found.start), document.positionAt(found.end));
  await window.showTextDocument(document, { selection: range, viewColumn: columnBeside(), preview: true });
  const line = formatCount(range.start.line + 1);
  if (found.how === 'nearest')
    return `${place.file} changed since it was profiled. Opened the nearest match, line ${line}.`;
  if (found.how === 'lost')
    return `${place.file} changed since it was profiled, and the token is gone. Opened line ${line}.`;
  return null;
}

/** A column that shows an editor beside the page, if there is one: the page stays visible. */
function columnBeside(): ViewColumn {
  const column = window.visibleTextEditors.find((editor) => editor.viewColumn !== undefined)?.viewColumn;
  return column ?? ViewColumn.Beside;
}
