import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { Uri, workspace, type Position } from 'vscode';
import { LensError } from '../../core/common/errors';
import type { FilePlace } from '../../core/text/document';
import type { ProfileRecipe } from '../profiles/profileEntry';
import { settings } from '../settings';
import { editorWithSelection } from '../editorWithSelection';

/**
 * The recipe for a profile of files and folders, with the settings as they are now.
 * File names are relative to the workspace folder that holds them all, else to the first one's own folder.
 */
export async function recipeFor(resources: readonly Uri[]): Promise<ProfileRecipe> {
  const [first] = resources;
  if (!first) throw new LensError('usage', 'There is nothing to profile: choose a file or a folder.');
  const remote = resources.find((resource) => resource.scheme !== 'file');
  if (remote) {
    throw new LensError(
      'usage',
      `${remote.toString(true)} is no file on this machine, so it cannot be profiled. Save it first.`,
    );
  }
  const folder = workspace.getWorkspaceFolder(first);
  const inOneFolder =
    folder && resources.every((resource) => workspace.getWorkspaceFolder(resource) === folder);
  return {
    name: nameOf(resources),
    model: settings.model(first),
    dtype: settings.dtype(first),
    inputs: resources.map((resource) => resource.fsPath),
    root: inOneFolder ? folder.uri.fsPath : await folderOf(first.fsPath),
    exclude: settings.exclude(first),
  };
}

/**
 * The recipe for the selected stretch of a file. Where the editor holds something else than the disk does, the selected
 * text is kept as a file of its own: examples need a place that they can be opened at.
 * @param home folder of the profiles, beside which such files are kept
 */
export async function recipeForSelection(home: string): Promise<ProfileRecipe> {
  const { document, selection } = editorWithSelection();
  const extension = extname(document.fileName) || '.txt';
  const [first, last] = [
    selection.start.line + 1,
    selection.end.line + (selection.end.character > 0 ? 1 : 0),
  ];
  const lines = first === last ? `line ${first}` : `lines ${first}-${last}`;
  const name = `${basename(document.fileName, extension)} ${lines}${extension}`;
  if (document.uri.scheme === 'file' && !document.isDirty) {
    const range = { from: placeOf(selection.start), to: placeOf(selection.end) };
    return { ...(await recipeFor([document.uri])), name, range };
  }
  const path = join(dirname(home), 'selections', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, document.getText(selection));
  return recipeFor([Uri.file(path)]);
}

function nameOf(resources: readonly Uri[]): string {
  const [first] = resources;
  const name = basename(first?.fsPath ?? '');
  return resources.length === 1 ? name : `${name} and ${resources.length - 1} more`;
}

async function folderOf(path: string): Promise<string> {
  const found = await stat(path);
  return found.isDirectory() ? path : dirname(path);
}

function placeOf({ line, character }: Position): FilePlace {
  return { line: line + 1, column: character + 1 };
}
