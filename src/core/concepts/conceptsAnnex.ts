import { Bool, Float64, Int32, Utf8, vectorFromArray, type DataType, type Vector } from 'apache-arrow';
import { xxh32 } from '../common/xxh32';
import { openAnnex, writeAnnex, type Annex, type AnnexFiles } from '../profile/annexes';
import { damagedProfile } from '../profile/damagedProfile';
import type { CreateHash } from '../profile/files/fileRecords';
import type { FileStore } from '../profile/fileStore';
import type { Manifest } from '../profile/manifest';
import { encodeVectors } from '../profile/table/encodeVectors';
import type { EarlierTest } from './mergedTest';
import { FIGURES_ON_A, NEURON_FIGURES, type ConceptResult, type ConceptResults } from './conceptResults';
import type { NeuronEvidence } from './evidence';

export const CONCEPTS_ANNEX = 'concepts';
/** Everything as JSON; beside it two tables that pandas opens. */
const RESULTS_FILE = 'results.json';

/** The file of one concept. */
export interface StoredConcept {
  readonly run: Pick<ConceptResults, 'created' | 'quantity' | 'halves' | 'seconds'>;
  readonly concept: ConceptResult;
  /** Of each of its neurons, in their order; of a refused concept none. */
  readonly evidence: readonly NeuronEvidence[];
}

/**
 * Keeps results as an annex of the profile that they are about.
 * @param further files of the annex. @throws LensError as `writeAnnex`
 */
export async function writeConcepts(
  store: FileStore,
  createHash: CreateHash,
  { results, evidence }: EarlierTest,
  further: AnnexFiles = [],
): Promise<void> {
  const { created, quantity, halves, seconds } = results;
  const run = { created, quantity, halves, ...(seconds !== undefined && { seconds }) };
  await writeAnnex(store, createHash, CONCEPTS_ANNEX, [
    ['concepts.arrow', await encodeVectors(conceptColumns(results.concepts))],
    ['neurons.arrow', await neuronsTable(results.concepts)],
    [RESULTS_FILE, jsonBytes(results)],
    ...results.concepts.map((concept) => {
      const stored: StoredConcept = {
        run,
        concept,
        evidence: evidence.get(concept.name) ?? [],
      };
      return [conceptFile(concept.name), jsonBytes(stored)] as const;
    }),
    ...further,
  ]);
}

export function openConceptsAnnex(store: FileStore, manifest: Pick<Manifest, 'files'>): Annex | null {
  return openAnnex(store, manifest, CONCEPTS_ANNEX);
}

/** A value as the content of an annex's file. */
export function jsonBytes(value: unknown): Uint8Array[] {
  return [new TextEncoder().encode(JSON.stringify(value))];
}

/** The file that has all of one concept, so that its page reads no other. */
function conceptFile(name: string): string {
  return `concept-${xxh32(new TextEncoder().encode(name)).toString(16).padStart(8, '0')}.json`;
}

/** All that is kept of one concept. @returns null where it was not tested. @throws LensError `invalid-profile` */
export async function readStoredConcept(
  store: FileStore,
  manifest: Pick<Manifest, 'files'>,
  name: string,
): Promise<StoredConcept | null> {
  const annex = openConceptsAnnex(store, manifest);
  const file = conceptFile(name);
  if (!annex?.files.includes(file)) return null;
  const stored = await readJson<StoredConcept>(annex, file, ({ concept, evidence, run }) =>
    Array.isArray(concept.neurons) && Array.isArray(evidence) && typeof run === 'object'
      ? null
      : 'it has no concept',
  );
  return stored.concept.name === name ? stored : null;
}

/** @returns null where no concepts were tested. @throws LensError `invalid-profile` where the annex is damaged */
export async function readConcepts(
  store: FileStore,
  manifest: Pick<Manifest, 'files'>,
): Promise<ConceptResults | null> {
  const annex = openConceptsAnnex(store, manifest);
  if (!annex) return null;
  return readJson<ConceptResults>(annex, RESULTS_FILE, ({ concepts, names }) =>
    Array.isArray(concepts) && typeof names === 'object' ? null : 'it has no concepts',
  );
}

/** A whole test as it is kept. @returns null where there was none. @throws LensError `invalid-profile` */
export async function readEarlierTest(
  store: FileStore,
  manifest: Pick<Manifest, 'files'>,
): Promise<EarlierTest | null> {
  const results = await readConcepts(store, manifest);
  if (!results) return null;
  const evidence = new Map<string, readonly NeuronEvidence[]>();
  for (const { name } of results.concepts) {
    evidence.set(name, (await readStoredConcept(store, manifest, name))?.evidence ?? []);
  }
  return { results, evidence };
}

/** @param faultOf what is missing, or null. @throws LensError `invalid-profile` */
export async function readJson<Content>(
  annex: Annex,
  file: string,
  faultOf: (content: Content) => string | null,
): Promise<Content> {
  const path = annex.pathOf(file);
  const text = new TextDecoder().decode(await annex.store.readAll(path));
  try {
    const content = JSON.parse(text) as Content;
    const fault = faultOf(content);
    if (fault !== null) throw new Error(fault);
    return content;
  } catch (error) {
    throw damagedProfile(path, error instanceof Error ? error.message : String(error), error);
  }
}

function conceptColumns(concepts: readonly ConceptResult[]): Record<string, Vector> {
  const column = (type: DataType, of: (concept: ConceptResult) => unknown) =>
    vectorFromArray(concepts.map(of), type);
  return {
    name: column(new Utf8(), ({ name }) => name),
    family: column(new Utf8(), ({ family }) => family),
    source: column(new Utf8(), ({ source }) => source),
    refused: column(new Utf8(), ({ refused }) => refused),
    positives_a: column(new Int32(), ({ positives }) => positives.a),
    positives_b: column(new Int32(), ({ positives }) => positives.b),
    documents_a: column(new Int32(), ({ documents }) => documents.a),
    documents_b: column(new Int32(), ({ documents }) => documents.b),
    share: column(new Float64(), ({ share }) => share),
    split: column(new Int32(), ({ split }) => split),
    chance_maximum: column(new Float64(), ({ chanceMaximum }) => chanceMaximum),
    control: column(new Utf8(), ({ control }) => control?.id ?? null),
    control_auroc: column(new Float64(), ({ control }) => control?.auroc ?? null),
  };
}

/** The chosen neurons of concepts with their figures, a row each, as chunks of an Arrow file. */
export function neuronsTable(concepts: readonly ConceptResult[]): Promise<Uint8Array[]> {
  return encodeVectors(neuronColumns(concepts));
}

function neuronColumns(concepts: readonly ConceptResult[]): Record<string, Vector> {
  const rows = concepts.flatMap(({ name, neurons }) => neurons.map((neuron) => ({ concept: name, neuron })));
  return {
    concept: vectorFromArray(
      rows.map(({ concept }) => concept),
      new Utf8(),
    ),
    neuron: vectorFromArray(
      rows.map(({ neuron }) => neuron.id),
      new Utf8(),
    ),
    ...Object.fromEntries(
      NEURON_FIGURES.map((name) => [
        name,
        vectorFromArray(
          rows.map(({ neuron }) => neuron[name] ?? null),
          new Float64(),
        ),
      ]),
    ),
    ...Object.fromEntries(
      FIGURES_ON_A.map((name) => [
        `${name}_a`,
        vectorFromArray(
          rows.map(({ neuron }) => neuron.onA?.[name] ?? null),
          new Float64(),
        ),
      ]),
    ),
    named: vectorFromArray(
      rows.map(({ neuron }) => neuron.named),
      new Bool(),
    ),
    under: vectorFromArray(
      rows.map(({ neuron }) => neuron.under),
      new Utf8(),
    ),
  };
}
