import type { Binning } from '../../stats/binning';
import {
  DISTRIBUTION_COLUMNS,
  DISTRIBUTION_NAMES,
  distributionArrays,
  type DistributionName,
  extentOf,
} from '../../stats/distributionColumns';
import { dyadicBins } from '../../stats/dyadicBins';
import { octaveBins, sixteenthBins } from '../../stats/octaveBins';
import {
  CONTEXT_LENGTH,
  EXTREME_COUNT,
  RANDOM_COUNT,
  SAMPLES_PER_SUPER_BIN,
  SUPER_BIN_COUNT,
  type ExampleStore,
  type RandomPlaces,
  type SiteSummary,
} from '../../stats/siteSummary';
import { checksum, column, type ColumnLayout, type TableColumns } from '../table/columnLayout';

export const SAMPLE_SLOTS = SUPER_BIN_COUNT * SAMPLES_PER_SUPER_BIN;

/** What describes a neuron's distribution without its examples. */
const distributionLayout = (binning: Binning) =>
  Object.fromEntries(
    DISTRIBUTION_NAMES.map((name) => {
      const extent = extentOf(name, binning);
      return [name, column(DISTRIBUTION_COLUMNS[name].element, ...(extent === 1 ? [] : [extent]))];
    }),
  ) as unknown as {
    readonly [Name in DistributionName]: ColumnLayout & {
      readonly element: (typeof DISTRIBUTION_COLUMNS)[Name]['element'];
    };
  };

/**
 * The table of one quantity of one FFN in a segment (docs/profile-format.md): one row a neuron,
 * every column of SiteSummary. Columns that a page reads together lie together.
 */
const summaryLayout = (binning: Binning) =>
  ({
    ...distributionLayout(binning),
    top_value: column('float32', EXTREME_COUNT),
    top_document: column('uint32', EXTREME_COUNT),
    top_token: column('uint32', EXTREME_COUNT),
    bottom_value: column('float32', EXTREME_COUNT),
    bottom_document: column('uint32', EXTREME_COUNT),
    bottom_token: column('uint32', EXTREME_COUNT),
    samples_value: column('float32', SAMPLE_SLOTS),
    samples_document: column('uint32', SAMPLE_SLOTS),
    samples_token: column('uint32', SAMPLE_SLOTS),
    samples_hash: column('uint32', SAMPLE_SLOTS),
    random_value: column('float32', RANDOM_COUNT),
    top_context: column('float16', EXTREME_COUNT, CONTEXT_LENGTH),
    bottom_context: column('float16', EXTREME_COUNT, CONTEXT_LENGTH),
    samples_context: column('float16', SAMPLE_SLOTS, CONTEXT_LENGTH),
  }) as const;

const EXAMPLES_CHECKED = Object.keys(summaryLayout(octaveBins)).filter(
  (name) => !(name in distributionLayout(octaveBins)),
);

/** With checks of what is read without the examples, and of the examples, which profiles of format 1 do not have. */
const checkedLayout = (binning: Binning) =>
  ({
    ...summaryLayout(binning),
    distribution_check: checksum(...DISTRIBUTION_NAMES),
    examples_check: checksum(...EXAMPLES_CHECKED),
  }) as const;

/** What is written. */
export const SUMMARY_LAYOUT = checkedLayout(octaveBins);

/** How a version of the format keeps a neuron's distribution. */
export interface SummaryFormat {
  readonly binning: Binning;
  readonly layout: ReturnType<typeof summaryLayout>;
}

/** How each version of the profile's format sorts values into bins; the last is the one that is written. */
const BINNINGS = [dyadicBins, sixteenthBins, octaveBins];

/** @param version of the profile's format, from 1 up. */
export function summaryFormat(version: number): SummaryFormat {
  const binning = BINNINGS[version - 1]!;
  return { binning, layout: binning === dyadicBins ? summaryLayout(binning) : checkedLayout(binning) };
}

export type SummaryColumn = keyof SummaryColumns;
export type SummaryColumns = TableColumns<typeof SUMMARY_LAYOUT>;

export const SUMMARY_COLUMNS = Object.keys(summaryLayout(octaveBins)) as SummaryColumn[];
/** @returns views of the summary's arrays, nothing copied. */
export function columnsOf(summary: SiteSummary): SummaryColumns {
  const { top, bottom, samples, random } = summary;
  return {
    ...distributionArrays((name) => summary[name]),
    top_value: top.value,
    top_document: top.document,
    top_token: top.token,
    bottom_value: bottom.value,
    bottom_document: bottom.document,
    bottom_token: bottom.token,
    samples_value: samples.value,
    samples_document: samples.document,
    samples_token: samples.token,
    samples_hash: samples.hash,
    random_value: random.value,
    top_context: top.context,
    bottom_context: bottom.context,
    samples_context: samples.context,
  };
}

/** Rows of the table as a summary of that many neurons. */
export function summaryOf(
  columns: SummaryColumns,
  neurons: number,
  binning: Binning,
  places: Omit<RandomPlaces, 'value'>,
): SiteSummary {
  return {
    neurons,
    binning,
    ...distributionArrays((name) => columns[name]),
    top: storeOf(
      EXTREME_COUNT,
      columns.top_value,
      columns.top_document,
      columns.top_token,
      columns.top_context,
    ),
    bottom: storeOf(
      EXTREME_COUNT,
      columns.bottom_value,
      columns.bottom_document,
      columns.bottom_token,
      columns.bottom_context,
    ),
    samples: {
      ...storeOf(
        SAMPLE_SLOTS,
        columns.samples_value,
        columns.samples_document,
        columns.samples_token,
        columns.samples_context,
      ),
      hash: columns.samples_hash,
    },
    random: { ...places, value: columns.random_value },
  };
}

function storeOf(
  slots: number,
  value: Float32Array,
  document: Uint32Array,
  token: Uint32Array,
  context: Uint16Array,
): ExampleStore {
  return { slots, value, document, token, context };
}
