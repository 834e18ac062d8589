import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { positiveInteger, positiveNumber, quantities, wholeNumber } from '../../../src/cli/options';

describe('numbers on the command line', () => {
  it.each([
    [wholeNumber, { '0': 0, '12': 12, '007': 7 }],
    [positiveInteger, { '1': 1, '4096': 4096 }],
    [positiveNumber, { '10': 10, '0.5': 0.5, '.5': 0.5, '1e-3': 0.001 }],
  ])('%o reads what is one', (read, numbers) => {
    for (const [text, number] of Object.entries(numbers)) expect(read(text)).toBe(number);
  });

  it.each([wholeNumber, positiveInteger, positiveNumber])('%o refuses what is none', (read) => {
    for (const text of ['', ' ', 'abc', '-1', '0x10', '1_0', '1,5', 'NaN', 'Infinity', '1e999', ' 1', '１']) {
      expect(() => read(text), text).toThrow(InvalidArgumentError);
    }
  });

  it('refuses what is too small, or larger than a number can be told from the next', () => {
    expect(() => positiveInteger('0')).toThrow('from 1');
    expect(() => positiveNumber('0')).toThrow('above 0');
    expect(() => wholeNumber('9007199254740993')).toThrow('whole number');
  });
});

it('takes quantities once each', () => {
  expect(quantities('gate,act,gate')).toEqual(['gate', 'act']);
  expect(() => quantities('act,gat')).toThrow('"gat" is none of act, pre, gate, up.');
});
