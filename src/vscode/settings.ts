import { workspace, type Uri } from 'vscode';

/** Where concepts come from, as the setting has it. */
export type ConceptSetting = 'starter' | 'own' | 'editor' | 'git';

/** The settings of package.json, each read when it is needed. */
export const settings = {
  /** Model to profile with: `default`, a folder or an .onnx file. */
  model: (resource?: Uri) => read<string>('model', 'default', resource),
  /** Which of the model's files: undefined for the preferred one. */
  dtype: (resource?: Uri) => read<string>('dtype', '', resource) || undefined,
  models: () => read<readonly string[]>('models', []),
  profilesFolder: () => read<string>('profiles.folder', ''),
  singleKeyShortcuts: () => read<boolean>('singleKeyShortcuts', true),
  /** What a test of concepts takes them from. */
  conceptSources: () => read<readonly ConceptSetting[]>('concepts.sources', ['starter', 'own']),
  testAfterProfile: () => read<boolean>('concepts.testAfterProfile', false),
  hover: () => read<boolean>('editor.hover', true),
  nodePath: () => read<string>('engine.nodePath', ''),
  /** null: as many as onnxruntime thinks best. */
  threads: () => read<number>('engine.threads', 0) || null,
  /** Globs of files that profiles leave out: our own setting and what the Explorer hides. */
  exclude: (resource?: Uri) => [
    ...read<readonly string[]>('profile.exclude', [], resource),
    ...Object.entries(
      workspace.getConfiguration('files', resource).get<Record<string, unknown>>('exclude', {}),
    )
      .filter(([, hidden]) => hidden === true)
      .map(([glob]) => glob),
  ],
};

function read<Value>(name: string, fallback: Value, resource?: Uri): Value {
  return workspace.getConfiguration('neuronLens', resource).get<Value>(name, fallback);
}
