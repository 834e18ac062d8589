import type { FixtureRow } from './checkFixture';

/** The rows as a Markdown table. */
export function fixtureTable(rows: readonly FixtureRow[]): string {
  const lines = [...rows]
    .sort((a, b) => (a.fixture < b.fixture ? -1 : 1))
    .map((row) =>
      [
        row.fixture,
        row.activation || '–',
        row.expected,
        row.found,
        row.falseSites,
        row.act?.toExponential(1) ?? '–',
        row.inner?.toExponential(1) ?? '–',
        row.expected === 0 ? '–' : row.peak.toPrecision(3),
      ].join(' | '),
    );
  return [
    '| fixture | activation | expected | found | false | act | pre, gate, up | largest value |',
    '|---|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}
