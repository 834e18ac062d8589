import { basename } from 'node:path';
import { workspace } from 'vscode';
import { LensError } from '../../core/common/errors';
import { formatCount } from '../../core/common/numberFormat';
import type { ProfileOutcome } from '../../protocol/engine';
import type { Log } from '../surfaces/log';
import { tell, warn } from '../surfaces/messages';
import { tellNotices } from '../surfaces/notices';
import type { CurrentProfile } from './currentProfile';
import { modelOf, type ProfileEntry, type ProfileRecipe } from './profileEntry';
import type { ProfileLibrary } from './profileLibrary';
import type { ProfileRuns } from './profileRuns';
import { requireTrust } from '../trustedWorkspace';

/** What making a profile needs: where it goes, who makes it, and what opens it when it is there. */
export interface MakingServices {
  readonly log: Log;
  readonly library: ProfileLibrary;
  readonly current: CurrentProfile;
  readonly runs: ProfileRuns;
  readonly pages: { showFirst(folder: string): Promise<void> };
  /** What is done with a profile that is complete. */
  readonly whenComplete?: (folder: string) => Promise<void>;
}

/**
 * Makes a profile from the beginning and opens it.
 * @throws LensError in an untrusted workspace, and what the run throws; a folder that holds nothing is removed then
 */
export async function makeProfile(services: MakingServices, recipe: ProfileRecipe): Promise<void> {
  requireTrust('profile');
  warnOfUnsaved(recipe);
  const { library } = services;
  const folder = await library.create(recipe, new Date());
  try {
    await run(services, folder, recipe, false);
  } catch (thrown) {
    // A run that failed before it kept anything leaves no folder behind.
    if ((await library.find(folder)) === null) await library.remove(folder);
    throw thrown;
  }
}

/**
 * Goes on with a partial profile that was begun in this editor, with the very file of its model.
 * @throws LensError where it was made elsewhere, and what the run throws
 */
export async function resumeProfile(services: MakingServices, entry: ProfileEntry): Promise<void> {
  const { folder, recipe } = entry;
  if (!recipe) {
    throw new LensError(
      'usage',
      'This profile was made elsewhere. Go on with `neuron-lens profile --resume`.',
    );
  }
  await run(services, folder, { ...recipe, ...modelOf(entry) }, true);
}

async function run(
  services: MakingServices,
  folder: string,
  recipe: ProfileRecipe,
  resumed: boolean,
): Promise<void> {
  const { log, library, current, runs, pages } = services;
  if (runs.current) void tell(`${recipe.name} is profiled when ${runs.current.recipe.name} is done.`);
  const outcome = await runs.start(folder, recipe, resumed);
  if ((await library.find(folder)) === null) {
    await library.remove(folder);
    void tell(`Stopped before anything of ${recipe.name} was kept.`);
    return;
  }
  if (outcome.state === 'complete') {
    await Promise.all([
      show(services, folder, recipe, outcome),
      tellNotices(log, outcome.notices),
      services.whenComplete?.(folder),
    ]);
    return;
  }
  for (const notice of outcome.notices) log.warn(notice);
  await current.use(folder);
  const open = 'Open Results';
  const kept = `Stopped. ${formatCount(outcome.tokens)} tokens of ${recipe.name} are kept as a partial profile.`;
  if ((await tell(kept, open)) === open) await pages.showFirst(folder);
}

/** Of fewer tokens a neuron's figures say little. */
const FEW_TOKENS = 1000;

/** The first profile is opened. Who reads another one already is told of a new one, and goes there by a press. */
async function show(
  { current, pages }: MakingServices,
  folder: string,
  { name }: ProfileRecipe,
  { tokens }: ProfileOutcome,
): Promise<void> {
  if (current.entry === null) {
    await pages.showFirst(folder);
    return;
  }
  const open = 'Open';
  const few = tokens < FEW_TOKENS ? ' So few say little of a neuron: profile more text.' : '';
  if ((await tell(`${name} is profiled: ${formatCount(tokens)} tokens.${few}`, open)) === open) {
    await pages.showFirst(folder);
  }
}

function warnOfUnsaved({ inputs }: ProfileRecipe): void {
  const unsaved = workspace.textDocuments.find(
    ({ isDirty, uri }) => isDirty && inputs.some((input) => uri.fsPath === input),
  );
  if (!unsaved) return;
  void warn(
    `${basename(unsaved.fileName)} has unsaved changes: the version on disk is profiled. Save and profile again for the newer one.`,
  );
}
