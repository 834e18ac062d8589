import { carried } from '../manifest';
import { formatNeuron, type NeuronAddress } from '../../common/neuronAddress';
import { bandsOf, placesBetween } from '../../stats/bands';
import { describeNeuron } from '../../stats/describeNeuron';
import { histogramOf, occupiedBins, quantileOf } from '../../stats/histogram';
import { layerContextOf, type LayerContext } from '../../stats/layerContext';
import { readingOf } from '../../stats/reading';
import { choosePlaces, SHOWN_COUNT } from '../../stats/shownPlaces';
import type { ExampleStore, NeuronSummary } from '../../stats/siteSummary';
import { strongestTokens } from '../../stats/strongestTokens';
import { placesOf, randomPlacesOf, type StoredPlace, storedPlacesOf } from '../../stats/storedPlaces';
import type { MetricsTable } from '../metrics/metricsTable';
import type {
  Band,
  Example,
  ExampleListName,
  ExampleLists,
  NeuronFacts,
  NeuronPage,
  RangeExamples,
} from '../neuronPage';
import type { ProfiledTable } from '../profiledTable';
import { readNeuron } from '../segments/storedNeuron';
import { ExampleReader, type FileStateOf } from './exampleReader';
import { readTokens } from './readTokens';
import type { StoredProfile } from '../storedProfile';

/** Examples that a range of values shows. */
const RANGE_COUNT = 2 * SHOWN_COUNT;

/** One neuron of a profile: its facts at once, its examples list by list as they are asked for, all of one state. */
export interface OpenNeuron {
  readonly facts: NeuronFacts;
  /** Value of every token of which something is stored, each token once, lowest first. */
  readonly stored: readonly number[];
  /** Values at the random tokens of the population, at most 256. */
  readonly random: readonly number[];
  /** The value below which this share of the population lies. */
  quantile(share: number): number;
  examples<Name extends ExampleListName>(name: Name): Promise<ExampleLists[Name]>;
  /** Stored examples with values in `[low, high)`; a range that ends at the maximum holds it. */
  examplesBetween(low: number, high: number): Promise<RangeExamples>;
}

/** Reads a neuron: a few small range reads a segment. */
export async function openNeuron(
  stored: StoredProfile,
  table: number,
  address: NeuronAddress,
  fileStateOf: FileStateOf,
): Promise<OpenNeuron> {
  const { site, quantity } = stored.tables[table]!;
  const [row, context] = await Promise.all([
    stored.segments().then((segments) => readNeuron(segments, table, address.neuron)),
    contextOf(await stored.metrics(), table, stored.tables[table]!),
  ]);
  const { summary, excluded, documentAt } = row;
  const histogram = histogramOf(summary);
  const reader = new ExampleReader(stored, documentAt, histogram, fileStateOf);
  const stats = describeNeuron(summary, context, excluded);
  const tokens = await readTokens(summary, stats, context, reader);
  const lists = listsOf(summary, reader);
  return {
    facts: {
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
      reading: readingOf(stats, context, tokens),
      strongestTokens: strongestTokens(tokens.strongest),
      histogram: occupiedBins(histogram),
      manifest: carried(stored.manifest),
    },
    stored: storedPlacesOf(summary)
      .map(({ value }) => value)
      .sort((a, b) => a - b),
    random: randomPlacesOf(summary).map(({ value }) => value),
    quantile: (share) => quantileOf(histogram, share),
    examples: (name) => lists[name](),
    examplesBetween: async (low, high) => {
      const { places, stored: count } = placesBetween(summary, low, high, RANGE_COUNT);
      return { examples: await examplesAt(places, reader), stored: count };
    },
  };
}

/** All that is known of an open neuron. */
export async function pageOf(neuron: OpenNeuron): Promise<NeuronPage> {
  const [top, bottom, bands, random] = await Promise.all([
    neuron.examples('top'),
    neuron.examples('bottom'),
    neuron.examples('bands'),
    neuron.examples('random'),
  ]);
  const { manifest, ...known } = neuron.facts;
  return { ...known, examples: { top, bottom, bands, random }, manifest };
}

/** How each list is read. */
function listsOf(
  summary: NeuronSummary,
  reader: ExampleReader,
): { readonly [Name in ExampleListName]: () => Promise<ExampleLists[Name]> } {
  return {
    top: () => shownExamples(summary.top, reader),
    bottom: () => shownExamples(summary.bottom, reader),
    bands: () =>
      Promise.all(
        bandsOf(summary).map(async ({ places, ...band }): Promise<Band> => {
          return { ...band, examples: await examplesAt(places, reader) };
        }),
      ),
    random: () => examplesAt(randomPlacesOf(summary).slice(0, SHOWN_COUNT), reader),
  };
}

/** What a table's neurons are judged against, from the metrics of the whole profile. */
export async function contextOf(
  metrics: MetricsTable,
  table: number,
  { site, quantity }: ProfiledTable,
): Promise<LayerContext> {
  const ranges = await metrics.ofTable(['count', 'min', 'max'], table, site.dFf);
  return layerContextOf(site, quantity, { neurons: site.dFf, ...ranges });
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
