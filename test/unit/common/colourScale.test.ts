import { describe, expect, it } from 'vitest';
import { colourRange, colourStep } from '../../../src/core/common/colourScale';

describe('the diverging colour scale', () => {
  it.each([
    [5.21, 8],
    [-5.21, -8],
    [0, 0],
    [0.32, 0],
    [0.33, 1],
    [-0.33, -1],
    [2.6, 4],
    [99, 8],
  ])('gives %f of R = 5.21 step %i', (value, step) => {
    expect(colourStep(value, 5.21)).toBe(step);
  });

  it('leaves what is no number, and all where there is no range, without colour', () => {
    expect([null, NaN, Infinity, -Infinity].map((value) => colourStep(value, 1))).toEqual([0, 0, 0, 0]);
    expect(colourStep(3, 0)).toBe(0);
  });

  it('shows weaker values by the square root, of the same sign', () => {
    expect(colourStep(-0.25, 1, 'linear')).toBe(-2);
    expect(colourStep(-0.25, 1, 'square-root')).toBe(-4);
  });

  it('ranges to the extreme of larger size', () => {
    expect(colourRange(-2.31, 5.21)).toBe(5.21);
    expect(colourRange(-7, 5.21)).toBe(7);
    expect(colourRange(null, null)).toBe(0);
  });
});
