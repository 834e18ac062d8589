export interface EditorOptions {
  /** Packaged extension to install. */
  readonly vsix: string;
  /** Folder to open. */
  readonly workspace: string;
  /** Folder for settings, extensions and logs; made when missing. */
  readonly data: string;
  /** false leaves workspace trust on, so that the folder opens in restricted mode. */
  readonly trusted?: boolean;
  /** User settings besides those that keep a fresh editor quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly say?: (sentence: string) => void;
}
/** Installs the extension into a VS Code of its own and serves it on a free loopback port. */
export function serveEditor(options: EditorOptions): Promise<{ url: string; stop: () => Promise<void> }>;
