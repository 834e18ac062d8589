import { basename } from 'node:path';
import { window, type Disposable } from 'vscode';
import { formatCount } from '../../core/common/numberFormat';
import { selfTestLabel, selfTestSentence } from '../../core/common/selfTest';
import type { HubSettings } from '../../runtime/hub/hubSettings';
import type { Services } from '../lens';
import { downloadById, downloadFromHub, lineOfTyped } from '../models/hubDownload';
import { hubOfEditor } from '../models/hubToken';
import { testModel, opened, removeModel, revealModel } from '../models/modelActions';
import { addModel, choose, currentChoice, type ModelChoice } from '../models/modelChoice';
import { listModels, type ListedModel } from '../models/modelList';
import { registerFor } from '../showError';
import { MODEL_BUTTONS, modelLines, pickDtype, type ModelLine } from '../models/modelLines';
import { tell, warn } from '../surfaces/messages';
import { pick, pickWithButtons, type Picked } from '../surfaces/picks';

type ModelServices = Services<'context' | 'log' | 'engine'>;

/** A line that stands for a model, or brings a further one. */
interface ChoiceLine extends ModelLine {
  readonly bring?: () => Promise<void>;
}

/** "Choose Model…", with all that can be done with a model; the same one by one in the palette. */
export function activateModelCommands(lens: ModelServices): Disposable[] {
  const register = registerFor(lens);
  const withModel = (title: string, work: (listed: ListedModel) => Promise<void>) => async () => {
    const lines = modelLines(await modelsOf(lens), currentChoice());
    const picked = await pick(
      lines.map((line) => ({ ...line, buttons: [] })),
      { title },
    );
    if (picked?.listed) await work(picked.listed);
  };
  return [
    register('chooseModel', () => chooseModel(lens)),
    register(
      'checkModel',
      withModel('Run the self-test of', (listed) => testModel(lens, listed)),
    ),
    register('revealModel', withModel('Show in the file manager', revealModel)),
    register('removeModel', withModel('Remove', removeModel)),
  ];
}

const modelsOf = ({ context }: ModelServices) => listModels(context.asAbsolutePath('media/embedded-model'));

/** Shows the picker until a model is chosen or the user leaves off: what its buttons do brings it back. */
async function chooseModel(lens: ModelServices): Promise<void> {
  for (;;) {
    const lines: ChoiceLine[] = [
      ...modelLines(await modelsOf(lens), currentChoice()),
      { label: '', isHead: true },
      ...sources(lens),
    ];
    const picked = await pickWithButtons('Model that new profiles use', lines, (text) =>
      typed(lens, lines, text),
    );
    if (picked === null) return;
    if (picked.button !== null) {
      await press(lens, picked);
      continue;
    }
    await follow(picked.line);
    return;
  }
}

async function press(lens: ModelServices, { line: { listed }, button }: Picked<ChoiceLine>): Promise<void> {
  if (!listed) return;
  if (button === MODEL_BUTTONS.reveal) await revealModel(listed);
  else if (button === MODEL_BUTTONS.check) await testModel(lens, listed);
  else await removeModel(listed);
}

async function follow({ listed, bring }: ChoiceLine): Promise<void> {
  await bring?.();
  const choice = listed ? await pickDtype(listed) : null;
  if (choice !== null) await choose(choice);
}

function sources(lens: ModelServices): ChoiceLine[] {
  return [
    {
      label: 'Add a model folder…',
      icon: 'folder-opened',
      description: 'with config.json, tokenizer.json and onnx/',
      bring: () => add(lens, { canSelectFolders: true, canSelectFiles: false }),
    },
    {
      label: 'Add an .onnx file…',
      icon: 'file-add',
      description: 'with its tokenizer.json beside it',
      bring: () => add(lens, { canSelectFiles: true, filters: { 'ONNX models': ['onnx'] } }),
    },
    {
      label: 'Download a model from the Hub…',
      icon: 'cloud-download',
      description: 'into the Hugging Face cache',
      bring: () => bringFromHub(lens, downloadFromHub),
    },
  ];
}

/** The line of a model of the Hub that is typed by its id and is not in the list. */
function typed(lens: ModelServices, lines: readonly ChoiceLine[], text: string): ChoiceLine | null {
  if (lines.some(({ listed }) => listed?.model === text)) return null;
  const line = lineOfTyped(text);
  return line && { ...line, bring: () => bringFromHub(lens, (hub) => downloadById(hub, line.id)) };
}

async function bringFromHub(
  lens: ModelServices,
  download: (hub: HubSettings) => Promise<ModelChoice | null>,
): Promise<void> {
  const choice = await download(await hubOfEditor(lens.context.secrets));
  if (choice !== null) await takeUp(lens, choice);
}

/** Lets the user pick a model on this machine. */
async function add(lens: ModelServices, dialog: Parameters<typeof window.showOpenDialog>[0]): Promise<void> {
  const chosen = await window.showOpenDialog({ ...dialog, canSelectMany: false, openLabel: 'Add Model' });
  const model = chosen?.[0]?.fsPath;
  if (model === undefined) return;
  await takeUp(lens, { model });
  await addModel(model);
}

/** Opens a model once to see that it works, chooses it, and says what it is. */
async function takeUp(lens: ModelServices, choice: ModelChoice): Promise<void> {
  const name = basename(choice.model);
  const { layers, neurons, dtype, selfTest } = await opened(lens, `Opening ${name}`, choice);
  await choose(choice);
  const facts = `${name}: ${layers} layers, ${formatCount(neurons)} neurons, ${dtype}.`;
  if (selfTest.passed === false) void warn(`${facts} ${selfTestSentence(selfTest)}`);
  else void tell(`${facts} ${selfTestLabel(selfTest)}. New profiles use it.`);
}
