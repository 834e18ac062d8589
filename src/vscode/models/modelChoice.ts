import { ConfigurationTarget, workspace } from 'vscode';
import { warn } from '../surfaces/messages';
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

/**
 * Lets new profiles use a model, in the user's own settings: a workspace's are shared, and a path of this machine has
 * no place there. Where a workspace names a model itself, that one comes first, so the user is asked whether to change it.
 */
export async function choose(choice: ModelChoice): Promise<void> {
  const named = workspace.getConfiguration('neuronLens').inspect<string>('model')?.workspaceValue;
  if (named === undefined) return write(choice, ConfigurationTarget.Global);
  if (named === choice.model && settings.dtype() === choice.dtype) return;
  const change = 'Change Them';
  const question = `The settings of this workspace name the model ${named}, and come before your own. Whoever shares them would get your choice too.`;
  if ((await warn(question, change)) === change) await write(choice, ConfigurationTarget.Workspace);
}

async function write({ model, dtype }: ModelChoice, target: ConfigurationTarget): Promise<void> {
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
