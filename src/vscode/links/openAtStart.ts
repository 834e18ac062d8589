import { commands, window, type Disposable } from 'vscode';
import type { Services } from '../lens';
import { guarded } from '../showError';

/** Names the folder of a profile that a window is started for, as `npm start` does. */
const STARTED_FOR = 'NEURON_LENS_PROFILE';

/**
 * A window that was started for a profile lists it, shows the side bar and opens its overview. One that is loaded
 * again has its tabs already: they stay as they are.
 */
export function activateOpenAtStart(
  lens: Services<'log' | 'engine' | 'library' | 'current' | 'overviewPages'>,
): readonly Disposable[] {
  const folder = process.env[STARTED_FOR];
  const hasTabs = window.tabGroups.all.some(({ tabs }) => tabs.length > 0);
  const open = guarded(lens, async (profile: string) => {
    await lens.library.add(profile);
    await commands.executeCommand('workbench.view.extension.neuronLens');
    const { name } = await lens.current.use(profile);
    lens.overviewPages.show({ profile, profileName: name });
  });
  if (folder && !hasTabs) void open(folder);
  return [];
}
