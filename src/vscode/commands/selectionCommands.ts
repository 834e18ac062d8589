import type { Disposable } from 'vscode';
import type { Lens } from '../lens';
import { explainSelection, restoreSelections } from '../panels/selectionPanel';
import { registerFor } from '../showError';

/** "Find Neurons of the Selection". */
export function activateSelectionCommands(lens: Lens): Disposable[] {
  return [
    registerFor(lens)('explainSelection', () => explainSelection(lens, lens.pages.column)),
    restoreSelections(lens),
  ];
}
