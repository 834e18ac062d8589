import { env } from 'vscode';
import { formatDay } from '../../core/common/dateFormat';
import { LensError } from '../../core/common/errors';
import { formatRoundCount } from '../../core/common/numberFormat';
import type { DamagedEntry, ProfileEntry } from '../profiles/profileEntry';
import type { ProfileLibrary } from '../profiles/profileLibrary';
import { pick } from '../surfaces/picks';
import type { ProfileNode } from '../views/nodes';

/**
 * The profile that a command is about: the line that it was called on, or, from the palette, one that the user picks.
 * @param fits which profiles the command has a use for
 * @returns null when the user leaves off
 * @throws LensError where there is no such profile
 */
export async function chosenProfile(
  library: ProfileLibrary,
  node: ProfileNode | undefined,
  title: string,
  fits: (entry: ProfileEntry) => boolean = () => true,
): Promise<ProfileEntry | null> {
  if (node?.kind === 'profile') return node.entry;
  return pickEntry((await library.list()).filter((entry) => 'manifest' in entry).filter(fits), title);
}

/** As `chosenProfile`, for what is done with a profile's folder, which may be damaged. */
export async function chosenFolder(
  library: ProfileLibrary,
  node: ProfileNode | undefined,
  title: string,
): Promise<ProfileEntry | DamagedEntry | null> {
  if (node?.kind === 'profile' || node?.kind === 'damaged') return node.entry;
  return pickEntry(await library.list(), title);
}

async function pickEntry<Entry extends ProfileEntry | DamagedEntry>(
  entries: readonly Entry[],
  title: string,
): Promise<Entry | null> {
  if (entries.length === 0) {
    throw new LensError('usage', `${title}: there is no such profile here. Profile some text first.`);
  }
  const lines = entries.map((entry) => ({ label: entry.name, description: factsOf(entry), entry }));
  return (await pick(lines, { title }))?.entry ?? null;
}

function factsOf(entry: ProfileEntry | DamagedEntry): string {
  if (!('manifest' in entry)) return 'damaged';
  const { corpus, state, created } = entry.manifest;
  const day = formatDay(created, env.language);
  return [
    `${formatRoundCount(corpus.tokens)} tokens`,
    day,
    ...(state === 'complete' ? [] : ['partial']),
  ].join(' · ');
}
