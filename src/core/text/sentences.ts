import type { TextSpan } from './textSpan';

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Longest stretch that the segmenter is given: it slows down over long ones without an end of a sentence. */
const LONGEST_STRETCH = 8_192;

/**
 * Sentences of a text by Unicode's rules (UAX 29), white space behind them included. A line's end alone ends none, as
 * prose is often broken into lines; an empty line does.
 */
export function* sentencesOf(text: string): Generator<TextSpan> {
  for (const { start, end } of paragraphsOf(text)) {
    for (let from = start; from < end; from += LONGEST_STRETCH) {
      const stretch = text.slice(from, Math.min(end, from + LONGEST_STRETCH)).replace(/[\n\r]/g, ' ');
      for (const { index, segment } of SEGMENTER.segment(stretch)) {
        yield { start: from + index, end: from + index + segment.length };
      }
    }
  }
}

/** Stretches of lines that are not blank. */
export function* paragraphsOf(text: string): Generator<TextSpan> {
  let start = -1;
  let end = 0;
  for (const { index, 0: line } of text.matchAll(/[^\n]*(?:\n|$)/g)) {
    if (/\S/.test(line)) {
      if (start < 0) start = index;
      end = index + line.length;
    } else if (start >= 0) {
      yield { start, end };
      start = -1;
    }
  }
}
