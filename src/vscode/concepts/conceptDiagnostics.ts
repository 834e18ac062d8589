import {
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  languages,
  Range,
  workspace,
  type TextDocument,
} from 'vscode';
import { forEditor } from '../../core/common/foreignText';
import { CONCEPTS_FILE } from '../../core/concepts/own/ownConcept';

/** What is wrong in concepts.json, underlined where it stands as one writes. */
export function activateConceptDiagnostics(): Disposable[] {
  const shown = languages.createDiagnosticCollection('neuronLens.concepts');
  const check = async (document: TextDocument): Promise<void> => {
    if (!document.fileName.replaceAll('\\', '/').endsWith(`/${CONCEPTS_FILE}`)) return;
    const { readConceptsFile } = await import('./ownConceptTools');
    // The text of now: it may have changed while the reader was loaded.
    const { faults } = readConceptsFile(document.getText());
    const diagnostics = faults.map(({ start, end, reason }) => {
      const range = new Range(document.positionAt(start), document.positionAt(end));
      return new Diagnostic(range, forEditor(`${reason}.`), DiagnosticSeverity.Error);
    });
    diagnostics.forEach((diagnostic) => (diagnostic.source = 'Neuron Lens'));
    shown.set(document.uri, diagnostics);
  };
  for (const document of workspace.textDocuments) void check(document);
  return [
    Disposable.from(shown),
    workspace.onDidOpenTextDocument((document) => void check(document)),
    workspace.onDidChangeTextDocument(({ document }) => void check(document)),
    workspace.onDidCloseTextDocument(({ uri }) => shown.delete(uri)),
  ];
}
