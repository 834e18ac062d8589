import { formatNeuron, type NeuronAddress } from '../../common/neuronAddress';
import { bandsOf } from '../../stats/bands';
import { describeNeuron } from '../../stats/describeNeuron';
import { histogramOf, occupiedBins, quantileOf } from '../../stats/histogram';
import { layerContextOf, type LayerContext } from '../../stats/layerContext';
import { readNeuron as readingOf, type LargestToken } from '../../stats/reading';
import { choosePlaces, SHOWN_COUNT } from '../../stats/shownPlaces';
import { placesOf, randomPlacesOf, type StoredPlace } from '../../stats/storedPlaces';
import type { ExampleStore } from '../../stats/siteSummary';
import type { MetricsTable } from '../metrics/metricsTable';
import type { Band, Example, NeuronPage } from '../neuronPage';
import type { ProfiledTable } from '../profiledTable';
import { readNeuron } from '../segments/storedNeuron';
import { ExampleReader, type FileChanged } from './exampleReader';
import type { ProfileView } from './profileView';

/** Reads all that is known of one neuron: a few small range reads a segment, and its examples' text. */
export async function buildPage(
  view: ProfileView,
  table: number,
  address: NeuronAddress,
  fileChanged: FileChanged,
): Promise<NeuronPage> {
  const { site, quantity } = view.tables[table]!;
  const [stored, context] = await Promise.all([
    view.segments().then((segments) => readNeuron(segments, table, address.neuron)),
    contextOf(await view.metrics(), table, view.tables[table]!),
  ]);
  const { summary, excluded, documentAt } = stored;
  const histogram = histogramOf(summary);
  const reader = new ExampleReader(view, documentAt, histogram, fileChanged);
  const stats = describeNeuron(summary, context, excluded);
  const [largest, top, bottom, bands, random] = await Promise.all([
    largestTokens(placesOf(summary.top), quantileOf(histogram, 0.99), reader),
    shownExamples(summary.top, reader),
    shownExamples(summary.bottom, reader),
    Promise.all(
      bandsOf(summary).map(async ({ places, ...band }): Promise<Band> => {
        return { ...band, examples: await examplesAt(places, reader) };
      }),
    ),
    examplesAt(randomPlacesOf(summary).slice(0, SHOWN_COUNT), reader),
  ]);
  return {
    neuron: {
      id: formatNeuron(address),
      layer: site.layer,
      part: site.part,
      index: address.neuron,
      ...(site.block !== null && { block: site.block }),
      ...(site.expert !== null && { expert: site.expert }),
      activation: site.activation,
      gated: site.gated,
    },
    quantity,
    stats,
    reading: readingOf(stats, context, largest),
    histogram: occupiedBins(histogram),
    examples: { top, bottom, bands, random },
    manifest: view.manifest,
  };
}

/** What a table's neurons are judged against, from the metrics of the whole profile. */
async function contextOf(
  metrics: MetricsTable,
  table: number,
  { site, quantity }: ProfiledTable,
): Promise<LayerContext> {
  const ranges = await metrics.ofTable(['count', 'min', 'max'], table, site.dFf);
  return layerContextOf(site, quantity, { neurons: site.dFf, ...ranges });
}

async function largestTokens(
  places: readonly StoredPlace[],
  atLeast: number,
  reader: ExampleReader,
): Promise<LargestToken[]> {
  return Promise.all(
    places
      .filter(({ value }) => value >= atLeast)
      .map(async (place) => ({ value: place.value, tokenId: await reader.tokenId(place) })),
  );
}

async function shownExamples(store: ExampleStore, reader: ExampleReader): Promise<Example[]> {
  const places = placesOf(store);
  const surroundings = await Promise.all(places.map((place) => reader.idsAround(place)));
  const shown = choosePlaces(places, surroundings);
  return Promise.all(shown.map(({ place, duplicates }) => reader.example(place, duplicates)));
}

function examplesAt(places: readonly StoredPlace[], reader: ExampleReader): Promise<Example[]> {
  return Promise.all(places.map((place) => reader.example(place)));
}
