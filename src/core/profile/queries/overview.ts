import type { FfnSite, Quantity } from '../../onnx/site';
import type { ExcludedCounts } from '../../stats/siteSummary';
import { addExcluded } from '../segments/mergedSegment';
import type { StoredProfile } from '../storedProfile';

/** One quantity of one FFN at a glance. */
export interface TableOverview {
  readonly site: FfnSite;
  readonly quantity: Quantity;
  readonly neurons: number;
  readonly dead: number;
  readonly constant: number;
  /** Positions that were run and left out, by reason. */
  readonly excluded: ExcludedCounts;
}

export interface ProfileOverview {
  /** Tokens of text, in the population or not. */
  readonly tokens: number;
  readonly neurons: number;
  readonly dead: number;
  readonly constant: number;
  readonly tables: readonly TableOverview[];
}

export async function overviewOf(stored: StoredProfile): Promise<ProfileOverview> {
  const [segments, metrics] = await Promise.all([stored.segments(), stored.metrics()]);
  const [dead, constant] = await Promise.all([metrics.column('dead'), metrics.column('constant')]);
  const tables = await Promise.all(
    stored.tables.map(async ({ site, quantity }, table): Promise<TableOverview> => {
      const populations = await Promise.all(segments.map((segment) => segment.population(table)));
      const first = metrics.firstRowOf(table);
      const flagged = (flags: Uint8Array): number =>
        flags.subarray(first, first + site.dFf).reduce((sum, flag) => sum + flag, 0);
      return {
        site,
        quantity,
        neurons: site.dFf,
        dead: metrics.rows === 0 ? 0 : flagged(dead),
        constant: metrics.rows === 0 ? 0 : flagged(constant),
        excluded: addExcluded(populations.map(({ excluded }) => excluded)),
      };
    }),
  );
  const total = (of: (table: TableOverview) => number): number =>
    tables.reduce((sum, table) => sum + of(table), 0);
  return {
    tokens: stored.manifest.corpus.tokens,
    neurons: total(({ neurons }) => neurons),
    dead: total((table) => table.dead),
    constant: total((table) => table.constant),
    tables,
  };
}
