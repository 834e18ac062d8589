import type { TreeDataProvider } from 'vscode';

/** What a view did last: the tree that it made, and what it says beside it. */
export interface FakeTrees {
  tree: TreeDataProvider<never> | null;
  view: { message?: string };
}

/** An editor that keeps the trees it is given: for `vi.mock('vscode')`, with what views ask of it. */
export function fakeTrees(): { readonly trees: FakeTrees; readonly vscode: object } {
  const trees: FakeTrees = { tree: null, view: {} };
  const nothing = () => ({ dispose: () => undefined });
  class Named {
    constructor(readonly id: string) {}
  }
  const vscode = {
    env: { language: 'en' },
    EventEmitter: class {
      event = nothing;
      fire = () => undefined;
    },
    ThemeColor: Named,
    ThemeIcon: Named,
    TreeItem: class {
      constructor(readonly label: string) {}
    },
    TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
    window: {
      createTreeView: (_id: string, { treeDataProvider }: { treeDataProvider: TreeDataProvider<never> }) => {
        trees.tree = treeDataProvider;
        return (trees.view = {});
      },
      withProgress: () => Promise.resolve(),
    },
    workspace: {
      getConfiguration: () => ({ get: (_name: string, fallback: unknown) => fallback }),
      createFileSystemWatcher: () => ({ onDidCreate: nothing, onDidChange: nothing, onDidDelete: nothing }),
    },
  };
  return { trees, vscode };
}
