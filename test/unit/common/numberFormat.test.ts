import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDifference,
  formatDuration,
  formatPercentile,
  formatShare,
  formatSigned,
  formatValue,
} from '../../../src/core/common/numberFormat';

describe('numbers as people read them', () => {
  it.each([
    [5.2149, '5.21'],
    [-0.01514, '−0.0151'],
    [0.18, '0.180'],
    [12345.6, '12,346'],
    [3.1e9, '3.10 × 10⁹'],
    [-4.213e-5, '−4.21 × 10⁻⁵'],
    [0, '0'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('shows the value %s as %s', (value, shown) => {
    expect(formatValue(value)).toBe(shown);
  });

  it.each([
    [0.1473, '14.7 %'],
    [0.08913, '8.91 %'],
    [0.0047, '0.47 %'],
    [0.00001, '<0.01 %'],
    [0, '0 %'],
  ])('shows the share %s as %s', (share, shown) => {
    expect(formatShare(share)).toBe(shown);
  });

  it.each([
    [12.5, 2, '+12.50'],
    [-0.234, 2, '−0.23'],
    [-0.004, 2, '0.00'],
    [Infinity, 3, '+∞'],
    [-Infinity, 3, '−∞'],
    [Number.NaN, 3, '–'],
  ])('shows the difference %s with %s decimals as %s', (difference, decimals, shown) => {
    expect(formatDifference(difference, decimals)).toBe(shown);
  });

  it.each([
    [0.027, '+0.0270'],
    [-4.213e-5, '−4.21 × 10⁻⁵'],
    [0, '0'],
  ])('shows the value %s with its sign as %s', (value, shown) => {
    expect(formatSigned(value)).toBe(shown);
  });

  it.each([
    [99.88, '99.88'],
    [99.9991, '99.9991'],
    [50, '50'],
    [0.0002, '0.0002'],
    [100, '100'],
  ])('shows the percentile %s as %s', (percentile, shown) => {
    expect(formatPercentile(percentile)).toBe(shown);
  });

  it('shows counts exactly and durations in at most two units', () => {
    expect(formatCount(1240110)).toBe('1,240,110');
    expect(formatDuration(48)).toBe('48 s');
    expect(formatDuration(123)).toBe('2 min 03 s');
    expect(formatDuration(3900)).toBe('1 h 05 min');
  });
});
