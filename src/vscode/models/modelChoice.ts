import { ConfigurationTarget, workspace } from 'vscode';
import { settings } from '../settings';

/** A model and which of its files, as the settings and the engine take them. */
export interface ModelChoice {
  /** As on the command line: `default`, a folder, an .onnx file, a Hub id. */
  readonly model: string;
  /** The preferred one if not given. */
  readonly dtype?: string | undefined;
}

/** What new profiles use. */
export function currentChoice(): ModelChoice {
  return { model: settings.model(), dtype: settings.dtype() };
}

/** Lets new profiles use a model: in this workspace, or everywhere where no folder is open. */
export async function choose({ model, dtype }: ModelChoice): Promise<void> {
  const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  const configuration = workspace.getConfiguration('neuronLens');
  await configuration.update('model', model === 'default' ? undefined : model, target);
  await configuration.update('dtype', model === 'default' ? undefined : dtype, target);
}

/** The models that the user added, with another one. */
export async function addModel(model: string): Promise<void> {
  await setAdded([...new Set([...settings.models(), model])]);
}

/** Takes a model from those that the user added; its files stay. */
export async function dropModel(model: string): Promise<void> {
  await setAdded(settings.models().filter((other) => other !== model));
  if (settings.model() === model) await choose({ model: 'default' });
}

async function setAdded(models: readonly string[]): Promise<void> {
  await workspace.getConfiguration('neuronLens').update('models', models, ConfigurationTarget.Global);
}
