import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFixture } from './checkFixture';

/** A folder of fixtures; NEURON_LENS_FIXTURES puts another in the place of those kept here. */
const folder = process.env['NEURON_LENS_FIXTURES'] ?? path.join(import.meta.dirname, '../../fixtures/onnx');
const fixtures = readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'oracle.json')));

describe('every FFN of a real export is found and exposed as PyTorch computes it', () => {
  it.each(fixtures)('%s', async (name) => {
    const row = await checkFixture(path.join(folder, name));
    expect(row.problems).toEqual([]);
    expect([row.found, row.falseSites]).toEqual([row.expected, 0]);
    expect(row.act ?? 0).toBeLessThan(1e-5 + 1e-5 * row.peak);
    expect(row.inner ?? 0).toBeLessThan(1e-5 + 1e-5 * row.peak);
  });
});
