import type { Example, ExampleLists } from '../../../src/core/profile/neuronPage';
import type { NeuronState } from '../../../src/protocol/pages/neuron';

export type ExampleTab = NeuronState['tab'];

/** Every example of some lists, each place once, highest value first. */
export function allExamples({
  top = [],
  bottom = [],
  bands = [],
  random = [],
}: Partial<ExampleLists>): Example[] {
  const byPlace = new Map<string, Example>();
  for (const example of [...top, ...bottom, ...bands.flatMap((band) => band.examples), ...random]) {
    const place = JSON.stringify([example.file, example.record, example.start, example.end]);
    if (!byPlace.has(place)) byPlace.set(place, example);
  }
  return [...byPlace.values()].sort((a, b) => b.value - a.value);
}
