import type { ExtensionContext, Memento } from 'vscode';

/** What a test decides for the editor, and what it saw of it. */
export interface FakeEditor {
  readonly settings: Map<string, unknown>;
  /** Labels of buttons that the user presses, one a question; none left: the user presses nothing. */
  readonly presses: string[];
  /** What the user types, one an input box. */
  readonly typed: string[];
  /** Folders that the user picks, one a dialog. */
  readonly picks: string[];
  readonly questions: string[];
  readonly ran: (readonly unknown[])[];
  workspaceFolders: { uri: { fsPath: string } }[] | undefined;
  /** The editor that is looked at. */
  activeTextEditor: object | undefined;
}

/** An editor without a window: for `vi.mock('vscode')`, with what the extension's parts ask of it. */
export function fakeEditor(): { readonly editor: FakeEditor; readonly vscode: object } {
  const editor: FakeEditor = {
    ...{ settings: new Map(), presses: [], typed: [], picks: [], questions: [], ran: [] },
    ...{ workspaceFolders: undefined, activeTextEditor: undefined },
  };
  const ask = (question: string) => {
    editor.questions.push(question);
    return Promise.resolve(editor.presses.shift());
  };
  const vscode = {
    EventEmitter: FakeEmitter,
    MarkdownString: FakeMarkdown,
    Uri: { file: (fsPath: string) => ({ fsPath, scheme: 'file', toString: () => `file://${fsPath}` }) },
    commands: {
      executeCommand: (...command: readonly unknown[]) => {
        editor.ran.push(command);
        return Promise.resolve();
      },
    },
    window: {
      get activeTextEditor() {
        return editor.activeTextEditor;
      },
      showInputBox: () => Promise.resolve(editor.typed.shift()),
      showQuickPick: (items: readonly { readonly label: string }[]) => {
        const label = editor.presses.shift();
        return Promise.resolve(items.find((item) => item.label === label));
      },
      showInformationMessage: ask,
      showWarningMessage: ask,
      showErrorMessage: ask,
      showOpenDialog: () => {
        const picked = editor.picks.shift();
        return Promise.resolve(picked === undefined ? undefined : [{ fsPath: picked }]);
      },
    },
    workspace: {
      isTrusted: true,
      textDocuments: [] as object[],
      get workspaceFolders() {
        return editor.workspaceFolders;
      },
      getConfiguration: () => ({
        get: (name: string, fallback: unknown) => editor.settings.get(name) ?? fallback,
      }),
    },
  };
  return { editor, vscode };
}

class FakeEmitter<Value> {
  private readonly listeners = new Set<(value: Value) => void>();
  readonly event = (listener: (value: Value) => void) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: Value): void {
    for (const listener of this.listeners) listener(value);
  }
}

class FakeMarkdown {
  value = '';
  appendMarkdown(text: string): void {
    this.value += text;
  }
}

/** What VS Code keeps for a workspace. */
export class FakeMemento implements Memento {
  private readonly kept = new Map<string, unknown>();
  keys = (): readonly string[] => [...this.kept.keys()];
  get<Value>(key: string, fallback?: Value): Value {
    return (this.kept.get(key) ?? fallback) as Value;
  }
  update(key: string, value: unknown): Promise<void> {
    this.kept.set(key, structuredClone(value));
    return Promise.resolve();
  }
}

/** The extension's context, with its storage in a folder of the disk. */
export function fakeContext(storage: string): ExtensionContext {
  return {
    workspaceState: new FakeMemento(),
    storageUri: { fsPath: storage },
    globalStorageUri: { fsPath: storage },
  } as unknown as ExtensionContext;
}
