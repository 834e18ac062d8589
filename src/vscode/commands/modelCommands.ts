import { basename, dirname } from 'node:path';
import {
  ConfigurationTarget,
  QuickPickItemKind,
  window,
  workspace,
  type Disposable,
  type QuickPickItem,
} from 'vscode';
import { formatCount } from '../../core/common/numberFormat';
import type { Lens } from '../lens';
import { settings } from '../settings';
import { downloadFromHub } from './hubDownload';
import { registerFor } from './register';

interface ModelItem extends QuickPickItem {
  readonly choose?: () => Promise<string | null>;
}

/** "Choose Model…": the embedded model, and the folders and .onnx files that the user added. */
export function activateModelCommands(lens: Lens): Disposable[] {
  return [
    registerFor(lens)('chooseModel', async () => {
      const picked = await window.showQuickPick<ModelItem>(itemsOf(lens), {
        title: 'Model that new profiles use',
        matchOnDescription: true,
      });
      const model = await picked?.choose?.();
      if (model != null) await use(model);
    }),
  ];
}

function itemsOf(lens: Lens): ModelItem[] {
  const current = settings.model();
  const mark = (model: string) => (model === current ? ' (current)' : '');
  return [
    {
      label: '$(chip) Embedded model',
      description: `ships with Neuron Lens, needs no download${mark('default')}`,
      choose: () => Promise.resolve('default'),
    },
    ...settings.models().map((model) => ({
      label: `$(chip) ${basename(model)}`,
      description: `${dirname(model)}${mark(model)}`,
      choose: () => Promise.resolve(model),
    })),
    { label: '', kind: QuickPickItemKind.Separator },
    {
      label: '$(folder-opened) Add a model folder…',
      description: 'with config.json, tokenizer.json and onnx/',
      choose: () => add(lens, { canSelectFolders: true, canSelectFiles: false }),
    },
    {
      label: '$(file-add) Add an .onnx file…',
      description: 'with its tokenizer.json beside it',
      choose: () => add(lens, { canSelectFiles: true, filters: { 'ONNX models': ['onnx'] } }),
    },
    {
      label: '$(cloud-download) Download a model from the Hub…',
      description: 'into the Hugging Face cache',
      choose: async () => {
        const id = await downloadFromHub();
        return id === null ? null : keep(lens, id);
      },
    },
  ];
}

/** Lets the user pick a model on this machine. */
async function add(lens: Lens, dialog: Parameters<typeof window.showOpenDialog>[0]): Promise<string | null> {
  const chosen = await window.showOpenDialog({ ...dialog, canSelectMany: false, openLabel: 'Add Model' });
  const model = chosen?.[0]?.fsPath;
  return model === undefined ? null : keep(lens, model);
}

/** Opens a model once to see that it works, and keeps it for the picker. */
async function keep(lens: Lens, model: string): Promise<string> {
  const { layers, neurons, dtype } = await lens.engine.calls.describeModel({ model });
  const known = new Set([...settings.models(), model]);
  await workspace.getConfiguration('neuronLens').update('models', [...known], ConfigurationTarget.Global);
  void window.showInformationMessage(
    `${basename(model)}: ${layers} layers, ${formatCount(neurons)} neurons, ${dtype}. New profiles use it.`,
  );
  return model;
}

async function use(model: string): Promise<void> {
  const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await workspace
    .getConfiguration('neuronLens')
    .update('model', model === 'default' ? undefined : model, target);
}
