import type { FileStore } from '../fileStore';
import { DISTRIBUTION_NAMES } from '../../stats/distributionColumns';
import type { Distributions, ExcludedCounts, NeuronSummary } from '../../stats/siteSummary';
import { damagedProfile } from '../damagedProfile';
import { documentsFile, populationFile, summaryFile } from '../profileFiles';
import type { ProfiledTable } from '../profiledTable';
import { FixedTable } from '../table/fixedTable';
import { readDocuments, type DocumentTable } from '../texts/documentTable';
import {
  POPULATION_LAYOUT,
  populationAt,
  type PopulationRow,
  type PopulationColumns,
} from './populationTable';
import type { Segment, TableSummary } from './segment';
import { SUMMARY_COLUMNS, summaryFormat, summaryOf, type SummaryFormat } from './summaryColumns';

/** One neuron of a segment. */
export interface SegmentNeuron {
  readonly summary: NeuronSummary;
  readonly excluded: ExcludedCounts;
}

/** A segment's folder, of which only what is asked for is read. */
export class StoredSegment implements Segment {
  private readonly opened = new Map<number, Promise<FixedTable<SummaryFormat['layout']>>>();
  private populations: Promise<PopulationColumns> | undefined;

  private constructor(
    private readonly store: FileStore,
    readonly folder: string,
    private readonly tables: readonly ProfiledTable[],
    readonly documents: DocumentTable,
    private readonly format: SummaryFormat,
    private readonly isVerified: boolean,
  ) {}

  /**
   * @param version of the profile's format.
   * @param isVerified whether its files were written, or read whole against their hashes, by this process: its rows are
   * then not checked once more.
   */
  static async open(
    store: FileStore,
    folder: string,
    tables: readonly ProfiledTable[],
    version: number,
    isVerified = false,
  ): Promise<StoredSegment> {
    const documents = await readDocuments(store, documentsFile(folder));
    return new StoredSegment(store, folder, tables, documents, summaryFormat(version), isVerified);
  }

  async table(index: number): Promise<TableSummary> {
    const [file, population] = await Promise.all([this.summaries(index), this.population(index)]);
    const columns = await file.read(SUMMARY_COLUMNS);
    const summary = summaryOf(columns, file.rows, this.format.binning, population.places);
    return { summary: requireCounted(summary, file.name), excluded: population.excluded };
  }

  /** The row of one neuron: a few small range reads. */
  async neuron(index: number, neuron: number): Promise<SegmentNeuron> {
    const [file, population] = await Promise.all([this.summaries(index), this.population(index)]);
    const columns = await file.read(SUMMARY_COLUMNS, neuron, 1);
    const summary = summaryOf(columns, 1, this.format.binning, population.places) as NeuronSummary;
    return { summary: requireCounted(summary, file.name), excluded: population.excluded };
  }

  /** How the values of a table's neurons `[first, first + count)` are distributed; their examples are not read. */
  async distributions(index: number, first?: number, count?: number): Promise<Distributions> {
    const file = await this.summaries(index);
    const { binning } = this.format;
    const columns = await file.read(DISTRIBUTION_NAMES, first, count);
    return requireCounted({ neurons: count ?? file.rows, binning, ...columns }, file.name);
  }

  async population(index: number): Promise<PopulationRow> {
    this.populations ??= FixedTable.open(
      this.store,
      populationFile(this.folder),
      POPULATION_LAYOUT,
      'whole',
    ).then(async (file) => {
      if (file.rows !== this.tables.length) {
        throw damagedProfile(file.name, `it has ${file.rows} rows for ${this.tables.length} tables`);
      }
      return file.read(Object.keys(POPULATION_LAYOUT) as (keyof typeof POPULATION_LAYOUT)[]);
    });
    return populationAt(await this.populations, index);
  }

  private summaries(index: number): Promise<FixedTable<SummaryFormat['layout']>> {
    const { site, quantity } = this.tables[index]!;
    let file = this.opened.get(index);
    if (file === undefined) {
      const name = summaryFile(this.folder, site, quantity);
      const checks = this.isVerified ? 'none' : 'rows';
      file = FixedTable.open(this.store, name, this.format.layout, checks).then((table) => {
        if (table.rows !== site.dFf) {
          throw damagedProfile(table.name, `it has ${table.rows} rows for ${site.dFf} neurons`);
        }
        return table;
      });
      this.opened.set(index, file);
    }
    return file;
  }
}

/** @throws LensError `invalid-profile` where a neuron's bins do not hold as many values as were counted. */
function requireCounted<Summary extends Distributions>(summary: Summary, file: string): Summary {
  const { neurons, bins, count, binning } = summary;
  for (let neuron = 0, bin = 0; neuron < neurons; neuron++) {
    let values = 0;
    for (const end = bin + binning.binCount; bin < end; bin++) values += bins[bin]!;
    if (values === count[neuron]) continue;
    throw damagedProfile(file, `a neuron's bins hold ${values} values, and ${count[neuron]!} were counted`);
  }
  return summary;
}
