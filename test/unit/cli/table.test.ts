import { expect, it } from 'vitest';
import { explainColumns, formatTable, type Column } from '../../../src/cli/output/table';

const columns: Column<{ id: string; share: number }>[] = [
  { title: 'id', text: ({ id }) => id },
  { title: 'top share', meaning: 'Of the top 1 %', align: 'right', text: ({ share }) => `${share} %` },
  { title: 'on', meaning: 'Its token', text: () => '' },
];

it('lines columns up, numbers at the right, and ends no line with spaces', () => {
  expect(formatTable(columns, [{ id: 'L0.N5', share: 7 }])).toBe(
    ['id     top share  on', 'L0.N5        7 %'].join('\n'),
  );
});

it('says what stands in the columns that say it', () => {
  expect(explainColumns(columns)).toBe(['top share  Of the top 1 %', 'on         Its token'].join('\n'));
});
