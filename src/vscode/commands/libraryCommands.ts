import { env, window, type Disposable } from 'vscode';
import type { Services } from '../lens';
import { registerFor } from '../showError';
import type { DamagedEntry, ProfileEntry } from '../profiles/profileEntry';
import type { ProfileNode } from '../views/nodes';
import { chosenFolder, chosenProfile } from './chosenProfile';
import { saveReport } from './saveReport';
import { confirm, tell } from '../surfaces/messages';

/** What is done with whole profiles that exist, and with the engine and its log. */
export function activateLibraryCommands(
  lens: Services<
    'context' | 'log' | 'engine' | 'library' | 'current' | 'pins' | 'concepts' | 'pages' | 'overviewPages'
  >,
): Disposable[] {
  const register = registerFor(lens);
  return [
    register('useProfile', async (node?: ProfileNode) => {
      const entry = await chosenProfile(lens.library, node, 'Use a profile');
      if (entry) await lens.current.use(entry.folder);
    }),
    register('openOverview', async (node?: ProfileNode) => {
      const entry = await chosenProfile(lens.library, node, 'Open the overview of');
      if (entry) lens.overviewPages.show({ profile: entry.folder, profileName: entry.name });
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
    register('openReport', async (node?: ProfileNode) => {
      const entry = await chosenProfile(lens.library, node, 'Save a report on');
      if (entry) await saveReport(lens, entry);
    }),
    register('refreshProfiles', () => lens.library.refresh()),
    register('revealProfile', async (node?: ProfileNode) => {
      const entry = await chosenFolder(lens.library, node, 'Copy the folder path of');
      if (entry) await env.clipboard.writeText(entry.folder);
    }),
    register('deleteProfile', async (node?: ProfileNode) => {
      const entry = await chosenFolder(lens.library, node, 'Delete');
      if (entry) await deleteProfile(lens, entry);
    }),
    register('restartEngine', () => lens.engine.restart()),
    register('showLog', () => lens.log.show()),
  ];
}

async function deleteProfile(
  lens: Services<'library' | 'current'>,
  { folder }: ProfileEntry | DamagedEntry,
): Promise<void> {
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
