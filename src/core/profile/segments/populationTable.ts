import { RANDOM_COUNT, type ExcludedCounts, type RandomPlaces } from '../../stats/siteSummary';
import { column, type TableColumns } from '../table/columnLayout';

/** One row a table of the segment: positions left out by reason, and the random places shared by its neurons. */
export const POPULATION_LAYOUT = {
  special: column('float64'),
  pad: column('float64'),
  first_position: column('float64'),
  sink: column('float64'),
  random_count: column('uint32'),
  random_hash: column('uint32', RANDOM_COUNT),
  random_document: column('uint32', RANDOM_COUNT),
  random_token: column('uint32', RANDOM_COUNT),
} as const;

export type PopulationColumns = TableColumns<typeof POPULATION_LAYOUT>;

/** The tokens of the random places without any neuron's values. */
export type SharedPlaces = Omit<RandomPlaces, 'value'>;

export interface PopulationRow {
  readonly excluded: ExcludedCounts;
  readonly places: SharedPlaces;
}

export function populationColumns(rows: readonly PopulationRow[]): PopulationColumns {
  const numbers = (of: (row: PopulationRow) => number): Float64Array => Float64Array.from(rows, of);
  const places = (of: (places: SharedPlaces) => Uint32Array): Uint32Array => {
    const values = new Uint32Array(rows.length * RANDOM_COUNT);
    rows.forEach((row, index) => values.set(of(row.places).subarray(0, RANDOM_COUNT), index * RANDOM_COUNT));
    return values;
  };
  return {
    special: numbers(({ excluded }) => excluded.special),
    pad: numbers(({ excluded }) => excluded.pad),
    first_position: numbers(({ excluded }) => excluded.firstPosition),
    sink: numbers(({ excluded }) => excluded.sink),
    random_count: Uint32Array.from(rows, (row) => row.places.count),
    random_hash: places(({ hash }) => hash),
    random_document: places(({ document }) => document),
    random_token: places(({ token }) => token),
  };
}

export function populationAt(columns: PopulationColumns, row: number): PopulationRow {
  const places = (values: Uint32Array) => values.subarray(row * RANDOM_COUNT, (row + 1) * RANDOM_COUNT);
  return {
    excluded: {
      special: columns.special[row]!,
      pad: columns.pad[row]!,
      firstPosition: columns.first_position[row]!,
      sink: columns.sink[row]!,
    },
    places: {
      count: Math.min(columns.random_count[row]!, RANDOM_COUNT),
      hash: places(columns.random_hash),
      document: places(columns.random_document),
      token: places(columns.random_token),
    },
  };
}
