import { window, type TextEditor } from 'vscode';
import { LensError } from '../core/common/errors';

/** The editor that is looked at, for commands about what is selected in it. @throws LensError where nothing is */
export function editorWithSelection(): TextEditor {
  const editor = window.activeTextEditor;
  if (editor && !editor.selection.isEmpty) return editor;
  throw new LensError('usage', 'Select some text in an editor first.');
}
