import { describe, expect, it } from 'vitest';
import { guessCountsOf, guessedSentences } from '../../../src/core/text/guessed';
import { nothingRead, skipCountsOf, skippedSentences, type Skipped } from '../../../src/core/text/skipped';

const nothing: Skipped = { binary: [], ignored: 0, unreadable: [], brokenRecords: [] };
const unreadable = { file: 'a.txt', fault: 'unfitText', reason: 'it is UTF-32' } as const;
const records = (file: string, count: number) => ({
  file,
  count,
  faults: { invalidJson: count },
  first: 'line 3 is no JSON',
});
const some: Skipped = {
  binary: ['a.png', 'b.png'],
  ignored: 3,
  unreadable: [unreadable, { ...unreadable, file: 'b.txt' }],
  brokenRecords: [records('c.jsonl', 1), records('d.jsonl', 1_200)],
};

describe('what was left out', () => {
  it('is counted by reason, and only reasons that occurred', () => {
    expect(skipCountsOf(nothing)).toEqual({});
    expect(skipCountsOf(some)).toEqual({ ignored: 3, binary: 2, unfitText: 2, invalidJson: 1_201 });
  });

  it('is said in a sentence each, but for what a rule left out', () => {
    expect(skippedSentences({ ...nothing, ignored: 3 })).toEqual([]);
    expect(skippedSentences(some)).toEqual([
      'a.txt was left out: it is UTF-32.',
      'b.txt was left out: it is UTF-32.',
      '1 record of c.jsonl was left out (line 3 is no JSON).',
      '1,200 records of d.jsonl were left out (line 3 is no JSON).',
      '2 binary files were left out (a.png, b.png).',
    ]);
    expect(skippedSentences({ ...nothing, binary: ['a.png'] })).toEqual([
      '1 binary file was left out (a.png).',
    ]);
  });

  it('is the reason of a corpus without text, as far as one is known', () => {
    const why = (skipped: Skipped) => nothingRead('not-found', 'There is no text', skipped).message;
    expect(why(nothing)).toBe('There is no text. Choose files that hold text, or change what is left out.');
    expect(why({ ...nothing, unreadable: [unreadable] })).toMatch(
      /^There is no text \(.*1.*\)\. a\.txt was left out: it is UTF-32\.$/,
    );
  });
});

describe('files whose encoding was guessed', () => {
  const guessed = ['a', 'b', 'c'].map((file) => ({ file, encoding: file === 'b' ? 'Big5' : 'KOI8-R' }));

  it('are counted and named by encoding', () => {
    expect(guessCountsOf(guessed)).toEqual({ 'KOI8-R': 2, Big5: 1 });
    expect(guessedSentences(guessed)).toEqual([
      '2 files were read as KOI8-R, a guess (a, c): save them as UTF-8 to be sure.',
      'b was read as Big5, a guess: save it as UTF-8 to be sure.',
    ]);
    expect(guessedSentences([])).toEqual([]);
  });
});
