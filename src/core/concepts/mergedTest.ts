import { LensError } from '../common/errors';
import { nameNeurons, type MeasuredNeuron, type MeasuredResult } from './conceptNames';
import type { ConceptFindings } from './conceptReport';
import type { ConceptNeuron, ConceptResult, ConceptResults, TestSettings } from './conceptResults';
import type { ControlledConcept, ConceptControl } from './controls/conceptControl';

/** A test that was made before, as it is kept. */
export type EarlierTest = Pick<ConceptFindings, 'results' | 'evidence'>;

/**
 * The settings with which concepts can be added to an earlier test.
 * @throws LensError `usage` where it does not keep what that takes
 */
export function settingsToAdd({ results }: EarlierTest): TestSettings & { readonly room: number } {
  const { settings, halves, concepts } = results;
  if (!settings || halves.room === undefined || !concepts.every(isMeasured)) {
    throw new LensError(
      'usage',
      'The last test of this profile is one of an earlier version, to which no concept can be added. Test all concepts again.',
    );
  }
  return { ...settings, room: halves.room };
}

/**
 * An earlier test with some of its concepts tested anew, or further ones: the others stay as they were measured, and q, the
 * names and what stands under another are made anew over all.
 * @param found of the same halves. @param anew the concepts that were measured.
 * @throws LensError `profiles-differ` where the halves are others
 */
export function mergeTests(
  earlier: EarlierTest,
  found: ConceptFindings,
  anew: ReadonlySet<string>,
): EarlierTest {
  const before = earlier.results;
  const { settings, halves } = found.results;
  if (JSON.stringify([before.halves, before.quantity]) !== JSON.stringify([halves, found.results.quantity])) {
    throw new LensError(
      'profiles-differ',
      'The last test of this profile halved its texts otherwise, so that nothing can be added to it. Test all concepts again.',
    );
  }
  const kept = new Map(before.concepts.map((concept) => [concept.name, concept]));
  const there = new Set(found.results.concepts.map(({ name }) => name));
  const all = [
    ...found.results.concepts.flatMap((concept) =>
      anew.has(concept.name) ? [concept] : (kept.get(concept.name) ?? []),
    ),
    ...before.concepts.filter(({ name }) => !there.has(name)),
  ];
  const named = nameNeurons(all.filter(isMeasured), settings?.strict ?? false, found.shared);
  const { seconds } = before;
  return {
    results: {
      ...found.results,
      ...named,
      ...(seconds !== undefined && { seconds }),
      ...(before.partial && { partial: true }),
      named: { ...found.results.named, neurons: Object.keys(named.names).length },
    },
    evidence: new Map(
      all.map(({ name }) => [name, (anew.has(name) ? found : earlier).evidence.get(name) ?? []]),
    ),
  };
}

/** What the controls of an earlier test are worth beside the merged one: nothing for concepts that were tested anew. */
export function controlsAfter(
  controls: readonly ConceptControl[],
  { created, concepts }: ConceptResults,
  anew: ReadonlySet<string>,
): ConceptControl[] {
  return controls.map((control) => {
    const known = new Map(control.concepts.map((concept) => [concept.name, concept]));
    return {
      ...control,
      test: created,
      concepts: concepts.map(({ name }): ControlledConcept => {
        const before = anew.has(name) ? undefined : known.get(name);
        const refused = 'it was tested after this control';
        return before ?? { name, refused, neuron: null, whole: null, same: null };
      }),
    };
  });
}

function isMeasured(concept: ConceptResult): concept is ConceptResult & MeasuredResult {
  return concept.neurons.every((neuron): neuron is ConceptNeuron & MeasuredNeuron =>
    Boolean(neuron.p !== undefined && neuron.onA),
  );
}
