import { LensError } from '../../common/errors';
import { writeAnnex } from '../../profile/annexes';
import type { CreateHash } from '../../profile/files/fileRecords';
import type { FileStore } from '../../profile/fileStore';
import { readManifest } from '../../profile/manifestFile';
import type { Manifest } from '../../profile/manifest';
import type { ConceptResults } from '../conceptResults';
import { CONCEPTS_ANNEX, jsonBytes, openConceptsAnnex, readConcepts, readJson } from '../conceptsAnnex';
import { OWN_CONTROLS, type ConceptControl, type ControlOfConcept } from './conceptControl';

/** All controls that were made beside the test. */
const CONTROLS_FILE = 'controls.json';

/**
 * The controls that were made beside a test, those of the model itself first. Any of another test is left out.
 * @param test its `created`. @throws LensError `invalid-profile` where the annex is damaged
 */
export async function readControls(
  store: FileStore,
  manifest: Pick<Manifest, 'files'>,
  { created }: Pick<ConceptResults, 'created'>,
): Promise<ConceptControl[]> {
  const annex = openConceptsAnnex(store, manifest);
  if (!annex?.files.includes(CONTROLS_FILE)) return [];
  const { controls } = await readJson<{ controls: ConceptControl[] }>(annex, CONTROLS_FILE, (content) =>
    Array.isArray(content.controls) ? null : 'it has no controls',
  );
  return controls.filter(({ test }) => test === created);
}

/** What they made of one concept. */
export function controlsOf(controls: readonly ConceptControl[], concept: string): ControlOfConcept[] {
  return controls.flatMap(({ control, named, concepts }) =>
    concepts.filter(({ name }) => name === concept).map((one) => ({ control, named, ...one })),
  );
}

/**
 * Keeps a control beside the test that it belongs to, in the place of an earlier one of the same kind. Nobody else may be
 * writing the profile.
 * @throws LensError `profiles-differ` where the concepts were tested anew meanwhile, else as `writeAnnex`
 */
export async function keepControl(
  store: FileStore,
  createHash: CreateHash,
  control: ConceptControl,
): Promise<void> {
  const manifest = await readManifest(store);
  const results = await readConcepts(store, manifest);
  const annex = openConceptsAnnex(store, manifest);
  if (results?.created !== control.test || !annex) {
    throw new LensError(
      'profiles-differ',
      'The concepts were tested anew, or the profile made anew, while the control ran: it belongs to no test and is not kept. Run it again.',
    );
  }
  const controls = withControl(await readControls(store, manifest, results), control);
  const kept: [string, Uint8Array[]][] = [];
  for (const file of annex.files) {
    if (file !== CONTROLS_FILE) kept.push([file, [await annex.store.readAll(annex.pathOf(file))]]);
  }
  await writeAnnex(store, createHash, CONCEPTS_ANNEX, [...kept, ...controlFiles(controls)]);
}

/** Controls as what the annex keeps of them. */
export function controlFiles(controls: readonly ConceptControl[]): [string, Uint8Array[]][] {
  return controls.length === 0 ? [] : [[CONTROLS_FILE, jsonBytes({ controls })]];
}

/** Controls with a further one, in the place of an earlier one of the same kind; those of the model itself first. */
export function withControl(controls: readonly ConceptControl[], control: ConceptControl): ConceptControl[] {
  const others = controls.filter((other) => other.control !== control.control);
  return [...others, control].sort((one, other) => rankOf(one) - rankOf(other));
}

function rankOf({ control }: ConceptControl): number {
  const own = OWN_CONTROLS.findIndex((one) => one === control);
  return own < 0 ? OWN_CONTROLS.length : own;
}
