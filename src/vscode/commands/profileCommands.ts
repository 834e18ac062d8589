import { window, workspace, type Disposable, type Uri } from 'vscode';
import type { Services } from '../lens';
import { makeProfile, resumeProfile } from '../profiles/makeProfile';
import type { ProfileEntry } from '../profiles/profileEntry';
import { registerFor } from '../showError';
import type { ProfileNode } from '../views/nodes';
import { chosenProfile } from './chosenProfile';
import { recipeFor, recipeForSelection } from './profileRecipe';

/** Everything that makes a profile: from the Explorer, an editor, a selection, the workspace; stopping; going on. */
export function activateProfileCommands(
  lens: Services<'log' | 'engine' | 'library' | 'current' | 'runs' | 'pages'>,
): Disposable[] {
  const register = registerFor(lens);
  return [
    register('profile', async (clicked?: Uri, selected?: readonly Uri[]) => {
      const active = clicked ?? window.activeTextEditor?.document.uri;
      const chosen = selected && selected.length > 0 ? selected : active ? [active] : [];
      await makeProfile(lens, await recipeFor(chosen));
    }),
    register('profileWorkspace', async () => {
      await makeProfile(
        lens,
        await recipeFor((workspace.workspaceFolders ?? []).map((folder) => folder.uri)),
      );
    }),
    register('profileFiles', async () => {
      const chosen = await window.showOpenDialog({
        title: 'Profile files or a folder',
        openLabel: 'Profile',
        canSelectFiles: true,
        canSelectFolders: true,
        canSelectMany: true,
      });
      if (chosen) await makeProfile(lens, await recipeFor(chosen));
    }),
    register('profileSelection', async () => makeProfile(lens, await recipeForSelection(lens.library.home))),
    register('cancelRun', () => lens.runs.cancel()),
    register('openResultsSoFar', async () => {
      const running = lens.runs.current;
      if (running) await lens.pages.showFirst(running.folder);
    }),
    register('resumeProfile', async (node?: ProfileNode) => {
      const entry = await chosenProfile(lens.library, node, 'Go on with', isUnfinished);
      if (entry) await resumeProfile(lens, entry);
    }),
  ];
}

const isUnfinished = ({ manifest }: ProfileEntry) => manifest.state !== 'complete';
