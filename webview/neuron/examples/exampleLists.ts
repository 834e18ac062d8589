import type { Example, NeuronPage } from '../../../src/core/profile/neuronPage';
import type { PanelState } from '../../../src/protocol/webview';

export type ExampleTab = PanelState['tab'];

/** Every example that the page holds, each place once, highest value first. */
export function storedExamples(page: NeuronPage): Example[] {
  const { top, bottom, bands, random } = page.examples;
  const byPlace = new Map<string, Example>();
  for (const example of [...top, ...bottom, ...bands.flatMap((band) => band.examples), ...random]) {
    const place = JSON.stringify([example.file, example.record, example.start, example.end]);
    if (!byPlace.has(place)) byPlace.set(place, example);
  }
  return [...byPlace.values()].sort((a, b) => b.value - a.value);
}

/** The examples of a bar of the histogram, `[low, high)`. */
export function examplesBetween(
  stored: readonly Example[],
  bin: readonly [number, number] | null,
): Example[] {
  if (bin === null) return [];
  return stored.filter(({ value }) => value >= bin[0] && value < bin[1]);
}

/** What a tab lists. */
export function listedExamples(
  page: NeuronPage,
  tab: ExampleTab,
  stored: readonly Example[],
  bin: readonly [number, number] | null,
): readonly Example[] {
  if (page.stats.dead) return [];
  switch (tab) {
    case 'top':
      return page.examples.top;
    case 'bottom':
      return page.examples.bottom;
    case 'bands':
      return page.examples.bands.flatMap((band) => band.examples);
    case 'random':
      return page.examples.random;
    case 'range':
      return examplesBetween(stored, bin);
  }
}
