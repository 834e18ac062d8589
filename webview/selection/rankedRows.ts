import type { SelectionAnswer, SelectionRow } from '../../src/core/selection/selectionAnswer';
import { percentileIn } from '../../src/core/stats/coarseHistogram';

export type Sign = 'both' | 'positive' | 'negative';

/** A row as it is listed: its values at the peak of the selection, or at one chosen token. */
export interface RankedRow {
  readonly row: SelectionRow;
  readonly token: number;
  readonly value: number | null;
  readonly percentile: number | null;
}

/**
 * The rows in the order in which they are shown.
 * @param token index of the token to rank by; null ranks by the selection, in the order of the answer
 */
export function rankedRows(answer: SelectionAnswer, token: number | null, sign: Sign): RankedRow[] {
  const rows = answer.rows.map((row): RankedRow => {
    if (token === null) return { row, token: row.peak, value: row.value, percentile: row.percentile };
    const value = row.values[token] ?? null;
    return { row, token, value, percentile: percentileAt(row, token, value) };
  });
  if (token !== null) rows.sort((a, b) => (b.percentile ?? -1) - (a.percentile ?? -1));
  return rows.filter(({ value }) => sign === 'both' || (value ?? 0) > 0 === (sign === 'positive'));
}

/** Exact at the peak; elsewhere read off the row's histogram. */
function percentileAt(row: SelectionRow, token: number, value: number | null): number | null {
  if (value === null) return null;
  return token === row.peak ? row.percentile : percentileIn(row.background, value);
}
