import { expect, it } from 'vitest';
import { LossChanges } from '../../../src/core/cause/lossChanges';

/** Documents of one to five tokens, whose change goes up and down with the document. */
function manyDocuments(count: number) {
  const changes = new LossChanges(2);
  const rows: { document: number; change: number }[] = [];
  for (let document = 0; document < count; document++) {
    for (let token = 0; token <= document % 5; token++) {
      const change = 0.1 + Math.sin(document * 12.9898) + 0.2 * Math.cos(document * 7.1 + token);
      rows.push({ document, change });
      changes.add(String(document), 3, [3 + change, 2]);
    }
  }
  return { changes, rows };
}

it('gives means over tokens, and an interval that is that of the ratio of sums over documents', () => {
  const count = 400;
  const { changes, rows } = manyDocuments(count);
  const summary = changes.summary(1)!;
  const mean = rows.reduce((sum, { change }) => sum + change, 0) / rows.length;
  expect(summary).toMatchObject({ tokens: rows.length, documents: count, before: 3 });
  expect(summary.change).toBeCloseTo(mean, 9);
  expect(summary.controls).toEqual([expect.closeTo(-1, 12)]);
  // The variance of a ratio by its linearisation: residues summed within documents (Cochran, Sampling Techniques, 2.11).
  const residues = new Float64Array(count);
  for (const { document, change } of rows) residues[document]! += change - mean;
  const error = Math.sqrt(residues.reduce((sum, one) => sum + one * one, 0)) / rows.length;
  expect((summary.high! - summary.low!) / (2 * 1.96 * error)).toBeCloseTo(1, 1);
  expect((summary.high! + summary.low!) / 2).toBeCloseTo(mean, 2);
});

it('draws the same from the same seed, and no interval from one document', () => {
  const { changes } = manyDocuments(30);
  expect(changes.summary(4)).toEqual(changes.summary(4));
  expect(changes.summary(5)!.low).not.toBe(changes.summary(4)!.low);
  const { changes: one } = manyDocuments(1);
  expect(one.summary(1)).toMatchObject({ low: null, high: null, documents: 1 });
  expect(new LossChanges(1).summary(1)).toBeNull();
});
