import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { Uri, window, workspace, type Disposable, type Position } from 'vscode';
import { LensError } from '../../core/common/errors';
import { formatCount } from '../../core/common/numberFormat';
import type { FilePlace } from '../../core/text/document';
import type { Lens } from '../lens';
import { modelOf, type ProfileEntry, type ProfileOrder } from '../profiles/profileEntry';
import type { ProfileNode } from '../views/profilesView';
import { openFirstNeuron } from './neuronCommands';
import { orderFor } from './profileOrder';
import { registerFor } from './register';

/** Everything that makes a profile: from the Explorer, an editor, a selection, the workspace; stopping; going on. */
export function activateProfileCommands(lens: Lens): Disposable[] {
  const register = registerFor(lens);
  return [
    register('profile', async (clicked?: Uri, selected?: readonly Uri[]) => {
      const active = clicked ?? window.activeTextEditor?.document.uri;
      const chosen = selected && selected.length > 0 ? selected : active ? [active] : [];
      await run(lens, await orderFor(chosen));
    }),
    register('profileWorkspace', async () => {
      await run(lens, await orderFor((workspace.workspaceFolders ?? []).map((folder) => folder.uri)));
    }),
    register('profileFiles', async () => {
      const chosen = await window.showOpenDialog({
        title: 'Profile files or a folder',
        openLabel: 'Profile',
        canSelectFiles: true,
        canSelectFolders: true,
        canSelectMany: true,
      });
      if (chosen) await run(lens, await orderFor(chosen));
    }),
    register('profileSelection', async () => run(lens, await orderForSelection(lens))),
    register('cancelRun', () => lens.runs.cancel()),
    register('openResultsSoFar', async () => {
      const running = lens.runs.current;
      if (running) await openFirstNeuron(lens, running.folder);
    }),
    register('resumeProfile', async (node: ProfileNode) => {
      if (node.kind !== 'profile' || !node.entry.order) {
        throw new LensError(
          'usage',
          'This profile was made elsewhere. Go on with `neuron-lens profile --resume`.',
        );
      }
      await resume(lens, node.entry);
    }),
  ];
}

/** Goes on with a partial profile that was ordered in this editor, with the very file of its model. */
export async function resume(lens: Lens, entry: ProfileEntry): Promise<void> {
  const { folder, order } = entry;
  if (order) await make(lens, folder, { ...order, ...modelOf(entry) }, true);
}

async function run(lens: Lens, order: ProfileOrder): Promise<void> {
  if (!workspace.isTrusted) {
    throw new LensError(
      'usage',
      'Models run only in a trusted workspace. Trust it (Manage Workspace Trust), then profile again.',
    );
  }
  warnOfUnsaved(order);
  const folder = await lens.library.create(order, new Date());
  try {
    await make(lens, folder, order, false);
  } catch (thrown) {
    // A run that failed before it kept anything leaves no folder behind.
    if ((await lens.library.find(folder)) === null) await lens.library.remove(folder);
    throw thrown;
  }
}

async function make(lens: Lens, folder: string, order: ProfileOrder, resumed: boolean): Promise<void> {
  const outcome = await lens.runs.start(folder, order, resumed);
  for (const notice of outcome.notices) lens.log.warn(notice);
  if ((await lens.library.find(folder)) === null) {
    await lens.library.remove(folder);
    void window.showInformationMessage(`Stopped before anything of ${order.name} was kept.`);
    return;
  }
  if (outcome.state === 'complete') {
    await openFirstNeuron(lens, folder);
    if (outcome.notices.length > 0) await tellNotices(lens, outcome.notices);
    return;
  }
  await lens.current.use(folder);
  const open = 'Open Results';
  const kept = `Stopped. ${formatCount(outcome.tokens)} tokens of ${order.name} are kept as a partial profile.`;
  if ((await window.showInformationMessage(kept, open)) === open) await openFirstNeuron(lens, folder);
}

async function tellNotices(lens: Lens, notices: readonly string[]): Promise<void> {
  const more = notices.length > 1 ? ` (and ${notices.length - 1} more notes in the log)` : '';
  const show = 'Show Log';
  if ((await window.showWarningMessage(`${notices[0] ?? ''}${more}`, show)) === show) lens.log.show();
}

function warnOfUnsaved({ inputs }: ProfileOrder): void {
  const unsaved = workspace.textDocuments.find(
    ({ isDirty, uri }) => isDirty && inputs.some((input) => uri.fsPath === input),
  );
  if (!unsaved) return;
  void window.showWarningMessage(
    `${basename(unsaved.fileName)} has unsaved changes: the version on disk is profiled. Save and profile again for the newer one.`,
  );
}

/**
 * The selected stretch of the file. Where the editor holds something else than the disk does, the selected text is kept
 * as a file of its own: examples need a place that they can be opened at.
 */
async function orderForSelection(lens: Lens): Promise<ProfileOrder> {
  const editor = window.activeTextEditor;
  if (!editor || editor.selection.isEmpty)
    throw new LensError('usage', 'Select some text in an editor first.');
  const { document, selection } = editor;
  const extension = extname(document.fileName) || '.txt';
  const [first, last] = [
    selection.start.line + 1,
    selection.end.line + (selection.end.character > 0 ? 1 : 0),
  ];
  const lines = first === last ? `line ${first}` : `lines ${first}-${last}`;
  const name = `${basename(document.fileName, extension)} ${lines}${extension}`;
  if (document.uri.scheme === 'file' && !document.isDirty) {
    const range = { from: placeOf(selection.start), to: placeOf(selection.end) };
    return { ...(await orderFor([document.uri])), name, range };
  }
  const path = join(dirname(lens.library.home), 'selections', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, document.getText(selection));
  return orderFor([Uri.file(path)]);
}

function placeOf({ line, character }: Position): FilePlace {
  return { line: line + 1, column: character + 1 };
}
