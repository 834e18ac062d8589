import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainProduct } from './plainProduct';
import { denseProbe } from '../../../src/core/concepts/statistics/denseProbe';
import { rankAgreement } from '../../../src/core/concepts/statistics/agreement';
import { auroc } from '../../../src/core/concepts/statistics/auroc';
import { benjaminiHochberg, benjaminiYekutieli } from '../../../src/core/concepts/statistics/falseDiscovery';
import { normalTail, studentLimit } from '../../../src/core/concepts/statistics/normal';
import { rank } from '../../../src/core/concepts/statistics/ranking';
import { siblingAuroc } from '../../../src/core/concepts/figures';
import { LogisticFit, scoresOf, sparseProbes } from '../../../src/core/concepts/statistics/sparseProbe';
import {
  averagePrecision,
  bestThreshold,
  precisionOfTop,
  resultAt,
  rocPoints,
  thresholdCurve,
} from '../../../src/core/concepts/statistics/thresholds';

interface Classes {
  readonly values: number[];
  readonly labels: number[];
  readonly auroc: number;
  readonly ap: number;
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/** Made by make_statistics.py with scikit-learn, scipy and statsmodels. */
const oracle = JSON.parse(
  readFileSync(new URL('../../fixtures/concepts/statistics.json', import.meta.url), 'utf8'),
) as {
  classes: Record<string, Classes>;
  adjusted: Record<string, { p: number[]; hochberg: number[]; yekutieli: number[] }>;
  normalTail: [number, number][];
  studentLimit: [number, number][];
  agreement: { one: number[]; other: number[]; tau: number }[];
  probe: { features: number[]; labels: number[]; penalty: number; weights: number[] };
  dense: { features: number[]; labels: number[]; weights: number[] };
};

describe.each(Object.entries(oracle.classes))('figures of "%s" as scikit-learn gives them', (_, known) => {
  const ranking = rank(Float32Array.from(known.values));
  const labels = Uint8Array.from(known.labels);
  const curve = thresholdCurve(ranking, labels);

  it('AUROC with ties', () => {
    expect(auroc(ranking.midranks, labels)).toBeCloseTo(known.auroc, 12);
  });

  it('thresholds of the negated values', () => {
    const turned = rank(ranking.values.map((value) => -value));
    const low = thresholdCurve(ranking, labels, true);
    // Both zeros are one threshold.
    const thresholds = low.thresholds.map((threshold) => threshold + 0);
    const expected = thresholdCurve(turned, labels);
    expect({ ...low, thresholds }).toEqual({
      ...expected,
      thresholds: expected.thresholds.map((threshold) => threshold + 0),
    });
  });

  it('average precision', () => {
    expect(averagePrecision(curve)).toBeCloseTo(known.ap, 12);
  });

  it('the best threshold with its precision and recall', () => {
    expect(bestThreshold(curve)).toBe(known.threshold);
    const result = resultAt(curve, known.threshold);
    expect(result.precision).toBeCloseTo(known.precision, 12);
    expect(result.recall).toBeCloseTo(known.recall, 12);
  });

  it('a ROC curve whose area is the AUROC', () => {
    const points = rocPoints(curve, 10_000);
    let area = 0;
    for (let i = 2; i < points.length; i += 2) {
      area += ((points[i]! - points[i - 2]!) * (points[i + 1]! + points[i - 1]!)) / 2;
    }
    expect(area).toBeCloseTo(known.auroc, 5);
    expect([...points.slice(-2)]).toEqual([1, 1]);
    expect(rocPoints(curve, 20).length).toBeLessThanOrEqual(44);
  });
});

describe('thresholds', () => {
  const tied = thresholdCurve(rank(Float32Array.of(5, 3, 3, 3, 1, 0)), Uint8Array.of(1, 1, 0, 0, 1, 0));

  it('takes of equal values at the edge of the top as many as there is room for', () => {
    expect(precisionOfTop(tied, 1)).toBe(1);
    expect(precisionOfTop(tied, 2)).toBeCloseTo((1 + 1 / 3) / 2);
    expect(precisionOfTop(tied, 4)).toBeCloseTo(0.5);
  });

  it('is worth what lies at or above it, also between values and beyond them', () => {
    expect(resultAt(tied, 3)).toMatchObject({ precision: 0.5, recall: 2 / 3 });
    expect(resultAt(tied, 2)).toMatchObject({ precision: 0.5, recall: 2 / 3 });
    expect(resultAt(tied, 9)).toMatchObject({ precision: 0, recall: 0 });
    expect(resultAt(tied, -9)).toMatchObject({ precision: 0.5, recall: 1 });
  });
});

describe('false discoveries as statsmodels and R count them', () => {
  it.each(Object.entries(oracle.adjusted))('%s', (_, { p, hochberg, yekutieli }) => {
    benjaminiHochberg(p).forEach((q, i) => expect(q).toBeCloseTo(hochberg[i]!, 12));
    benjaminiYekutieli(p).forEach((q, i) => expect(q).toBeCloseTo(yekutieli[i]!, 12));
  });

  it('never gives a smaller q for a larger p', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (p) => {
          const q = benjaminiHochberg(p);
          const sorted = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
          for (let i = 1; i < sorted.length; i++)
            expect(q[sorted[i]!]!).toBeGreaterThanOrEqual(q[sorted[i - 1]!]!);
        },
      ),
    );
  });
});

describe('distributions as scipy has them', () => {
  it('the upper tail of the normal distribution, relative also far out', () => {
    for (const [z, tail] of oracle.normalTail) expect(normalTail(z) / tail).toBeCloseTo(1, 10);
    expect(normalTail(-1.5) + normalTail(1.5)).toBeCloseTo(1, 12);
  });

  it("the 97.5 % point of Student's t", () => {
    for (const [degrees, limit] of oracle.studentLimit)
      expect(Math.abs(studentLimit(degrees) - limit)).toBeLessThan(1e-3);
  });

  it('the agreement of two orders', () => {
    for (const { one, other, tau } of oracle.agreement)
      expect(rankAgreement(one, other)).toBeCloseTo(tau, 12);
  });
});

describe('the regression of a few neurons', () => {
  const { features, labels, penalty, weights } = oracle.probe;
  const data = {
    columns: weights.map((_, i) =>
      Float32Array.from(labels, (_, row) => features[row * weights.length + i]!),
    ),
    labels: Uint8Array.from(labels),
  };

  it("has the weights that scipy's optimiser finds at a penalty", () => {
    const fit = new LogisticFit(data);
    fit.descend(penalty, 0);
    weights.forEach((weight, i) => expect(Math.abs(fit.weights[i]! - weight)).toBeLessThan(0.01));
    expect(fit.active()).toEqual([2, 7, 11]);
  });

  it('uses as many features as it may, the telling ones first, and tells more with more of them', () => {
    const probes = sparseProbes(data, [1, 2, 4]);
    const used = probes.map((probe) => [...probe.weights.keys()].filter((i) => probe.weights[i] !== 0));
    expect(used[0]).toEqual([2]);
    expect(used[1]).toEqual([2, 7]);
    expect(used[2]).toHaveLength(4);
    expect(used[2]).toEqual(expect.arrayContaining([2, 7, 11]));
    const areas = probes.map((probe) => auroc(rank(scoresOf(probe, data.columns)).midranks, data.labels));
    expect(areas[1]).toBeGreaterThan(areas[0]!);
    expect(areas[2]).toBeGreaterThan(areas[1]!);
  });
});

describe('the regression of a whole layer', () => {
  it('has the weights that scikit-learn finds', async () => {
    const { features, labels, weights } = oracle.dense;
    const data = {
      features: Float32Array.from(features),
      labels: Uint8Array.from(labels),
      width: weights.length,
    };
    const found = await denseProbe(data, plainProduct);
    const largest = Math.max(...weights.map(Math.abs));
    weights.forEach((weight, i) => expect(Math.abs(found[i]! - weight)).toBeLessThan(0.02 * largest));
  });
});

describe('the AUROC against hard negatives', () => {
  it('compares with the tokens of the sibling alone, by counting pairs', () => {
    const values = Float32Array.from({ length: 600 }, (_, i) => (i * 37) % 101);
    const labels = Uint8Array.from(values, (_, i) => (i % 3 === 0 ? 1 : 0));
    const sibling = Uint8Array.from(values, (value, i) => (i % 2 === 0 && value > 20 ? 1 : 0));
    let [above, pairs] = [0, 0];
    values.forEach((positive, i) => {
      if (labels[i] === 0) return;
      values.forEach((other, j) => {
        if (sibling[j] === 0 || labels[j] === 1) return;
        pairs += 1;
        above += positive > other ? 1 : positive === other ? 0.5 : 0;
      });
    });
    expect(siblingAuroc(values, labels, sibling)).toBeCloseTo(above / pairs, 12);
    expect(siblingAuroc(values, labels, labels)).toBeNull();
  });
});
