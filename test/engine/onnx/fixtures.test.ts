import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkFixture, type FixtureRow } from './checkFixture';
import { fixtureTable } from './fixtureTable';

/** A folder of fixtures; NEURON_LENS_FIXTURES puts another in the place of those kept here. */
const folder = process.env['NEURON_LENS_FIXTURES'] ?? path.join(import.meta.dirname, '../../fixtures/onnx');
const fixtures = readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'oracle.json')));
const rows: FixtureRow[] = [];

describe('every FFN of a real export is found and exposed as PyTorch computes it', () => {
  it.each(fixtures)('%s', async (name) => {
    const row = await checkFixture(path.join(folder, name));
    rows.push(row);
    expect(row.problems).toEqual([]);
    expect([row.found, row.falseSites]).toEqual([row.expected, 0]);
    expect(row.act ?? 0).toBeLessThan(row.tolerance);
    expect(row.inner ?? 0).toBeLessThan(row.tolerance);
  });
});

/** NEURON_LENS_FIXTURE_TABLE names the page to put the table in, `-` prints it (tools/check-fixtures.mjs). */
afterAll(() => {
  const page = process.env['NEURON_LENS_FIXTURE_TABLE'];
  if (page === undefined) return;
  const table = fixtureTable(rows);
  if (page === '-') {
    process.stdout.write(table);
    return;
  }
  const marker = '<!-- table -->';
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, `${text.slice(0, text.indexOf(marker) + marker.length)}\n\n${table}`);
});
