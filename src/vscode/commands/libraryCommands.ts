import { env, window, type Disposable } from 'vscode';
import type { Services } from '../lens';
import { registerFor } from '../showError';
import type { ProfileNode } from '../views/nodes';
import { saveReport } from './saveReport';
import { confirm, tell } from '../surfaces/messages';

/** What is done with whole profiles that exist, and with the engine and its log. */
export function activateLibraryCommands(
  lens: Services<'context' | 'log' | 'engine' | 'library' | 'current' | 'pins' | 'concepts' | 'pages'>,
): Disposable[] {
  const register = registerFor(lens);
  return [
    register('useProfile', async (node: ProfileNode) => {
      if (node.kind === 'profile') await lens.current.use(node.entry.folder);
    }),
    register('openProfile', async () => {
      const chosen = await window.showOpenDialog({
        title: 'A folder that "neuron-lens profile" wrote',
        openLabel: 'Open Profile',
        canSelectFolders: true,
        canSelectFiles: false,
      });
      const folder = chosen?.[0]?.fsPath;
      if (folder === undefined) return;
      await lens.pages.showFirst(folder);
      await lens.library.add(folder);
    }),
    register('openReport', (node: ProfileNode) => saveReport(lens, node)),
    register('refreshProfiles', () => lens.library.refresh()),
    register('revealProfile', async (node: ProfileNode) => {
      const folder = folderOf(node);
      if (folder !== null) await env.clipboard.writeText(folder);
    }),
    register('deleteProfile', (node: ProfileNode) => deleteProfile(lens, node)),
    register('restartEngine', () => lens.engine.restart()),
    register('showLog', () => lens.log.show()),
  ];
}

function folderOf(node: ProfileNode): string | null {
  return node.kind === 'profile' || node.kind === 'damaged' ? node.entry.folder : null;
}

async function deleteProfile(lens: Services<'library' | 'current'>, node: ProfileNode): Promise<void> {
  const folder = folderOf(node);
  if (folder === null) return;
  const elsewhere = lens.library.isAdded(folder);
  const action = elsewhere ? 'Remove from List' : 'Delete';
  const question = elsewhere ? 'Remove this profile from the list?' : 'Delete this profile from disk?';
  const detail = elsewhere ? `The folder stays: ${folder}` : folder;
  if (!(await confirm(question, detail, action))) return;
  await lens.current.forget(folder);
  const left = await lens.library.remove(folder);
  if (lens.current.entry?.folder === folder) await lens.current.restore();
  if (left) {
    void tell('The profile is deleted. Its folder stays, as there are other files in it.');
  }
}
