import { colourRange } from '../common/colourScale';
import { LensError } from '../common/errors';
import { parseNeuron } from '../common/neuronAddress';
import type { Manifest } from '../profile/manifest';
import type { Example } from '../profile/neuronPage';
import { ExampleReader, type FileStateOf } from '../profile/queries/exampleReader';
import { findTable, requireNeuron } from '../profile/queries/findTable';
import type { StoredProfile } from '../profile/storedProfile';
import type { FileStore } from '../profile/fileStore';
import { readNeuron } from '../profile/segments/storedNeuron';
import type { Quantity } from '../onnx/site';
import { histogramOf } from '../stats/histogram';
import { documentsOf } from './conceptTexts';
import type { ControlOfConcept } from './controls/conceptControl';
import { controlsOf, readControls } from './controls/keptControls';
import { readStoredConcept, type StoredConcept } from './conceptsAnnex';
import { byOutcome, OUTCOMES, type NeuronEvidence, type Outcome } from './evidence';
import { accuracyOf, type LabellerAccuracy } from './labels/labellerAccuracy';

/** What is shown of one neuron and a concept: what is stored, with the examples read. */
export interface ShownEvidence extends Pick<NeuronEvidence, 'id' | 'roc' | 'histogram' | 'counts'> {
  readonly examples: Readonly<Record<Outcome, readonly Example[]>>;
  /** R of the neuron's colours, as on its own page. */
  readonly range: number;
}

/** One concept of a profile, for its page. */
export interface OpenConcept extends Pick<StoredConcept, 'run' | 'concept'> {
  /** What the controls that were made beside the test made of it. */
  readonly controls: readonly ControlOfConcept[];
  /** How often the labeller is right about it, where the labels rest on one whose accuracy is known. */
  readonly labeller: LabellerAccuracy | null;
  /** @throws LensError `not-found` for a neuron that has no figures for the concept. */
  readonly neuron: (id: string) => Promise<ShownEvidence>;
}

/**
 * Opens a concept: reads its own file of the annex, and of the profile what a neuron's examples need.
 * @param store of the profile's folder. @returns null where the concept was not tested.
 * @throws LensError `invalid-profile` where the annex is damaged
 */
export async function openConcept(
  store: FileStore,
  manifest: Pick<Manifest, 'files'>,
  stored: StoredProfile,
  name: string,
  fileStateOf: FileStateOf,
): Promise<OpenConcept | null> {
  const kept = await readStoredConcept(store, manifest, name);
  if (kept === null) return null;
  const { run, concept, evidence } = kept;
  return {
    run,
    concept,
    controls: controlsOf(await readControls(store, manifest, run), name),
    labeller: accuracyOf(concept),
    neuron: async (id) => {
      const found = evidence.find((one) => one.id === id);
      if (!found) throw new LensError('not-found', `${id} is not among the neurons of "${name}".`);
      return showEvidence(stored, found, run.quantity, fileStateOf);
    },
  };
}

async function showEvidence(
  stored: StoredProfile,
  { places, ...evidence }: NeuronEvidence,
  quantity: Quantity,
  fileStateOf: FileStateOf,
): Promise<ShownEvidence> {
  const address = parseNeuron(evidence.id)!;
  const table = findTable(stored.tables, address, quantity);
  requireNeuron(stored.tables[table]!, address);
  const [{ summary }, documents] = await Promise.all([
    stored.segments().then((segments) => readNeuron(segments, table, address.neuron)),
    documentsOf(stored),
  ]);
  const reader = new ExampleReader(stored, (number) => documents[number]!, histogramOf(summary), fileStateOf);
  const read = (outcome: Outcome): Promise<Example[]> =>
    Promise.all(
      places[outcome].map(({ context, ...place }) =>
        reader.example({ ...place, context: Float32Array.from(context, (value) => value ?? NaN) }),
      ),
    );
  const lists = new Map(
    await Promise.all(OUTCOMES.map(async (outcome) => [outcome, await read(outcome)] as const)),
  );
  return {
    ...evidence,
    examples: byOutcome((outcome) => lists.get(outcome)!),
    range: colourRange(summary.min[0]!, summary.max[0]!),
  };
}
