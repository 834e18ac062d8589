import { window, workspace, type Disposable, type Uri } from 'vscode';
import { LensError } from '../../core/common/errors';
import type { Services } from '../lens';
import { runConceptTest } from '../concepts/runConceptTest';
import { makeProfile, resumeProfile, type MakingServices } from '../profiles/makeProfile';
import type { ProfileEntry } from '../profiles/profileEntry';
import type { WaitingRun } from '../profiles/profileRuns';
import { settings } from '../settings';
import { registerFor } from '../showError';
import { pick } from '../surfaces/picks';
import type { ProfileNode } from '../views/nodes';
import { chosenProfile } from './chosenProfile';
import { recipeFor, recipeForSelection } from './profileRecipe';

/** Everything that makes a profile: from the Explorer, an editor, a selection, the workspace; stopping; going on. */
export function activateProfileCommands(
  lens: Services<'context' | 'log' | 'engine' | 'library' | 'current' | 'runs' | 'tests' | 'pages'>,
): Disposable[] {
  const register = registerFor(lens);
  const making: MakingServices = { ...lens, whenComplete: (folder) => nameNeurons(lens, folder) };
  return [
    register('profile', async (clicked?: Uri, selected?: readonly Uri[]) => {
      const active = clicked ?? window.activeTextEditor?.document.uri;
      const chosen = selected && selected.length > 0 ? selected : active ? [active] : [];
      await makeProfile(making, await recipeFor(chosen));
    }),
    register('profileWorkspace', async () => {
      await makeProfile(
        making,
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
      if (chosen) await makeProfile(making, await recipeFor(chosen));
    }),
    register('profileSelection', async () =>
      makeProfile(making, await recipeForSelection(lens.library.home)),
    ),
    register('cancelRun', () => lens.runs.cancel()),
    register('leaveQueue', async (node?: ProfileNode) => {
      const run = node?.kind === 'waiting' ? node.run : await pickWaiting(lens.runs.waiting);
      if (run) lens.runs.leaveQueue(run.folder);
    }),
    register('openResultsSoFar', async () => {
      const running = lens.runs.current;
      if (running) await lens.pages.showFirst(running.folder);
    }),
    register('resumeProfile', async (node?: ProfileNode) => {
      const entry = await chosenProfile(lens.library, node, 'Go on with', isUnfinished);
      if (entry) await resumeProfile(making, entry);
    }),
  ];
}

const isUnfinished = ({ manifest }: ProfileEntry) => manifest.state !== 'complete';

/** @throws LensError where none waits */
async function pickWaiting(waiting: readonly WaitingRun[]): Promise<WaitingRun | undefined> {
  if (waiting.length === 0) throw new LensError('usage', 'No profile waits for its turn.');
  const lines = waiting.map((run) => ({ label: run.recipe.name, run }));
  return (await pick(lines, { title: 'Take from the queue' }))?.run;
}

/** Tests concepts on a profile that was just made, where the reader has it so. */
async function nameNeurons(
  lens: Services<'context' | 'library' | 'log' | 'tests'>,
  folder: string,
): Promise<void> {
  const entry = settings.testAfterProfile() ? await lens.library.find(folder) : null;
  if (entry && 'manifest' in entry) await runConceptTest(lens, entry);
}
