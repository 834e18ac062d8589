import type { Disposable } from 'vscode';
import { LensError } from '../../core/common/errors';
import type { ConceptResults } from '../../core/concepts/conceptResults';
import {
  controlName,
  controlCost,
  OWN_CONTROLS,
  type OwnControl,
} from '../../core/concepts/controls/conceptControl';
import { runControl } from '../concepts/runControl';
import type { Services } from '../lens';
import type { ProfileEntry } from '../profiles/profileEntry';
import { registerFor } from '../showError';
import { pick } from '../surfaces/picks';
import type { ProfileNode } from '../views/nodes';
import { chosenProfile } from './chosenProfile';

type ControlServices = Services<'context' | 'log' | 'engine' | 'library' | 'current' | 'tests' | 'concepts'>;

/** A control of what was tested on a profile; `profile` leaves open which other one. */
export interface AskedControl {
  readonly entry: ProfileEntry;
  readonly control: OwnControl | 'profile';
}

/** Controls of the concepts that were tested: from a concept's page, a profile's line or the palette. */
export function activateControlCommands(lens: ControlServices): Disposable[] {
  const register = registerFor(lens);
  return [
    register('testControl', async (asked?: AskedControl | ProfileNode): Promise<string | null> => {
      const entry = asked && 'control' in asked ? asked.entry : await entryOf(lens, asked);
      if (!entry) return null;
      const results = await lens.concepts.of(entry.folder);
      if (!results) {
        throw new LensError(
          'usage',
          `No concepts were tested on ${entry.name} yet. Run "Test Concepts…" first.`,
        );
      }
      const kind = asked && 'control' in asked ? asked.control : await pickControl(entry, results);
      const control = kind === 'profile' ? await pickProfile(lens, entry, results) : kind;
      return control === null ? null : runControl(lens, entry, control);
    }),
  ];
}

async function entryOf(
  { library, current }: ControlServices,
  node: ProfileNode | undefined,
): Promise<ProfileEntry | null> {
  return node || !current.entry ? chosenProfile(library, node, 'Controls of tested concepts') : current.entry;
}

async function pickControl(
  { manifest }: ProfileEntry,
  results: ConceptResults,
): Promise<AskedControl['control'] | null> {
  const lines = [
    ...OWN_CONTROLS.map((control) => ({
      label: controlName(control),
      description: controlCost(control, results, manifest) ?? '',
      control,
    })),
    { label: 'Another profile…', description: 'of the same model', control: 'profile' as const },
  ];
  const picked = await pick(lines, { title: 'Control: test the same concepts where less should be found' });
  return picked && picked.control;
}

/** Lets the reader pick another profile of the same model. @returns its folder @throws LensError where there is none */
async function pickProfile(
  { library }: ControlServices,
  { folder, manifest }: ProfileEntry,
  results: ConceptResults,
): Promise<string | null> {
  const others = (await library.list()).filter(
    (entry) =>
      'manifest' in entry && entry.folder !== folder && entry.manifest.model.sha256 === manifest.model.sha256,
  );
  if (others.length === 0) {
    throw new LensError(
      'usage',
      `There is no other profile of ${manifest.model.id}. Profile other text with it first.`,
    );
  }
  const lines = others
    .filter((entry) => 'manifest' in entry)
    .map((entry) => ({
      label: entry.name,
      description: controlCost('profile', results, manifest, entry.manifest) ?? '',
      folder: entry.folder,
    }));
  const picked = await pick(lines, { title: 'Control: the same concepts on another profile' });
  return picked && picked.folder;
}
