import { expect, it } from 'vitest';
import { describeSkipCounts } from '../../../src/core/common/skipReasons';
import { unknownWordsSentence } from '../../../src/core/common/unknownWords';

it('says the share of unknown words where it is over 1 %', () => {
  expect(unknownWordsSentence({ tokens: 1000, unknownTokens: 10 })).toBeNull();
  expect(unknownWordsSentence({ tokens: 1000, unknownTokens: 11 })).toMatch(
    /^1\.10 % of the tokens stand for/,
  );
  expect(unknownWordsSentence({ tokens: 0, unknownTokens: 0 })).toBeNull();
});

it('says what was left out by reason', () => {
  expect(describeSkipCounts({ binary: 2, ignored: 1200, invalidJson: 1, noText: 3, openQuote: 0 })).toBe(
    '2 binary, 1,200 ignored by .gitignore or an exclude rule, 1 record of broken JSON, 3 records without text',
  );
  expect(describeSkipCounts({ laterReason: 2 })).toBe('2 records (laterReason)');
});
