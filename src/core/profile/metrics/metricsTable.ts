import type { FileStore } from '../fileStore';
import { damagedProfile } from '../damagedProfile';
import type { ProfiledTable } from '../profiledTable';
import { FixedTable } from '../table/fixedTable';
import { METRICS_LAYOUT, type MetricsColumns } from './metricsLayout';

type MetricColumn = keyof MetricsColumns;

/** The metrics of all neurons of a profile. A column is read once, when it is first asked for. */
export class MetricsTable {
  private readonly opened = new Map<MetricColumn, Promise<MetricsColumns>>();
  /** First row of each table. */
  private readonly firstRows: readonly number[];

  private constructor(
    private readonly file: FixedTable<typeof METRICS_LAYOUT> | null,
    tables: readonly ProfiledTable[],
  ) {
    let row = 0;
    this.firstRows = tables.map(({ site }) => {
      row += site.dFf;
      return row - site.dFf;
    });
  }

  static async open(store: FileStore, name: string, tables: readonly ProfiledTable[]): Promise<MetricsTable> {
    const file = await FixedTable.open(store, name, METRICS_LAYOUT, 'whole');
    const neurons = tables.reduce((sum, { site }) => sum + site.dFf, 0);
    if (file.rows !== neurons) throw damagedProfile(name, `it has ${file.rows} rows for ${neurons} neurons`);
    return new MetricsTable(file, tables);
  }

  /** Of a profile that holds no token yet. */
  static empty(): MetricsTable {
    return new MetricsTable(null, []);
  }

  /** Neurons of all tables. */
  get rows(): number {
    return this.file?.rows ?? 0;
  }

  /** Columns of one table's neurons, by a range read each. */
  async ofTable<Name extends MetricColumn>(
    names: readonly Name[],
    table: number,
    neurons: number,
  ): Promise<Pick<MetricsColumns, Name>> {
    return this.file!.read(names, this.firstRowOf(table), neurons);
  }

  /** @returns the row of a table's first neuron; the others follow. */
  firstRowOf(table: number): number {
    return this.firstRows[table] ?? 0;
  }

  async column<Name extends MetricColumn>(name: Name): Promise<MetricsColumns[Name]> {
    let column = this.opened.get(name);
    if (!column) {
      column = this.read(name) as Promise<MetricsColumns>;
      this.opened.set(name, column);
    }
    return (await column)[name];
  }

  /** Several columns of all neurons. */
  async columns<Name extends MetricColumn>(names: readonly Name[]): Promise<Pick<MetricsColumns, Name>> {
    const read = names.map(async (name) => [name, await this.column(name)] as const);
    return Object.fromEntries(await Promise.all(read)) as unknown as Pick<MetricsColumns, Name>;
  }

  /** A statistic that the profile's format does not know yet is not defined for any neuron. */
  private async read(name: MetricColumn): Promise<Partial<MetricsColumns>> {
    if (this.file === null) return {};
    return this.file.has(name) ? this.file.read([name]) : { [name]: new Float64Array(this.rows).fill(NaN) };
  }
}
