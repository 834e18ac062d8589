import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatFamily } from '../../../src/core/concepts/labels/chat';
import { DocumentFamily } from '../../../src/core/concepts/labels/documents';
import { enclosure } from '../../../src/core/concepts/labels/enclosure';
import { Findings, TokenLayout } from '../../../src/core/concepts/labels/findings';
import { language } from '../../../src/core/concepts/labels/language';
import { place } from '../../../src/core/concepts/labels/place';
import { spelling } from '../../../src/core/concepts/labels/spelling';
import { starterSet } from '../../../src/core/concepts/labels/starterSet';
import { textLanguageOf } from '../../../src/core/concepts/labels/textLanguage';
import { carriers, labelText, SILENT } from './labelText';

describe('labels on tokens', () => {
  const tokens = { starts: Uint32Array.of(0, 5, 6, 10), ends: Uint32Array.of(5, 6, 10, 10) };
  const layout = new TokenLayout('ab cd ef g', tokens);

  it('need half of the characters that are no white space', () => {
    // "ab cd" has four visible characters, of which the span covers two.
    expect(layout.lay([{ start: 0, end: 3 }])).toEqual({ tokens: Uint32Array.of(0), split: 1 });
    expect(layout.lay([{ start: 0, end: 1 }])).toEqual({ tokens: new Uint32Array(0), split: 1 });
    expect(layout.lay([{ start: 2, end: 6 }])).toEqual({ tokens: Uint32Array.of(0, 1), split: 1 });
  });

  it('count spans that overlap once, and leave tokens without characters alone', () => {
    const spans = [
      { start: 6, end: 8 },
      { start: 6, end: 7 },
      { start: 0, end: 1 },
    ];
    expect(layout.lay(spans)).toEqual({ tokens: Uint32Array.of(2), split: 2 });
    expect(layout.lay([{ start: 0, end: 10 }])).toEqual({ tokens: Uint32Array.of(0, 1, 2), split: 0 });
  });
});

describe('concepts by hand', () => {
  const chat = new ChatFamily(null);
  const cases: [family: typeof spelling, name: string, text: string, carriers: string][] = [
    [spelling, 'capitalised words', 'The NASA and Élan vital', 'The Élan'],
    [spelling, 'words in capitals', 'The NASA A4 I x', 'NASA A4'],
    [spelling, 'digits', 'a1 has 12 and ٣', 'a1 12 ٣'],
    [spelling, 'words in -ing', 'singing king thing going ing', 'singing thing going'],
    [spelling, 'words in -s', 'cats class bus is dogs', 'cats dogs'],
    [spelling, 'quotation marks', `"a" don't 'b' o’clock “c”`, `" " ' ' “ ”`],
    [spelling, 'opening brackets', 'f(a[0]{', '( [ {'],
    [place, 'first token of a line', 'a b\n  c d\n\n\te', 'a c e'],
    [place, 'last token of a line', 'a b  \nc\r\nd e', 'b c e'],
    [place, 'first token of a sentence', 'One two. Three\nfour! "Five six."\n\nseven', 'One Three " seven'],
    [place, 'first token of a paragraph', 'a b\nc\n \nd e', 'a d'],
    [place, 'indented lines', 'a\n  b c\n\td\n', 'b c d'],
    [place, 'deeply indented lines', 'a\n  b\n\t\tc', 'c'],
    [enclosure, 'inside quotation marks', 'say "a b" or “don’t” and "never\n\nclosed" x', 'a b don ’ t'],
    [enclosure, 'inside round brackets', 'f(a, (b) c) d ) e (f', 'a , ( b ) c'],
    [enclosure, 'inside square brackets', '( [a (b c] d', 'a ( b c'],
    [enclosure, 'inside nested brackets', ': ( f(a[b]) (c)', 'b'],
    [
      enclosure,
      'URLs',
      'see https://a.b/c?d=1, or www.e.f.',
      'https : / / a . b / c ? d = 1 , www . e . f .',
    ],
    [enclosure, 'e-mail addresses', 'to a.b+c@d-e.org now', 'a . b + c @ d - e . org'],
    [
      enclosure,
      'file paths',
      'in /usr/lib/x.so or src/a/b.ts and 1/2',
      '/ usr / lib / x . so src / a / b . ts',
    ],
    [
      enclosure,
      'dates',
      'on 2026-11-29, 3 May 1999 or 1/2/2003; may I',
      '2026 - 11 - 29 3 May 1999 1 / 2 / 2003',
    ],
    [enclosure, 'times of day', 'at 21:40 or 7 pm, 3:1', '21 : 40 7 pm'],
    [enclosure, 'numbers with a unit', 'takes 3.5 ms, 40% of 12 cats and 7 miles', '3 . 5 ms 40 % 7 miles'],
    [enclosure, 'money', 'costs $3.50 or 20 dollars, not 7', '$ 3 . 50 20 dollars'],
    [language, 'negation words', 'I do not, never; nobody can’t know', 'not never nobody can ’ t'],
    [language, 'first person', "We said I'm yours, my", "We I ' m my"],
    [language, 'questions', 'Is it so? It is. "Who are you?" he said.', 'Is it so ? " Who are you ? "'],
    [
      chat,
      'what the user says',
      '<|im_start|>user\nhello there<|im_end|>\n<|im_start|>assistant\nhi<|im_end|> <|start_header_id|>user<|end_header_id|>me<|eot_id|>',
      'hello there me',
    ],
    [chat, 'what the assistant says', '[INST] <<SYS>> be good <</SYS>> why [/INST] because</s>', 'because'],
    [chat, 'what the system says', '[INST] <<SYS>> be good <</SYS>> why [/INST] because</s>', 'be good'],
  ];
  it.each(cases)('$1', async (family, name, text, wanted) => {
    expect(family.concepts.map((concept) => concept.name)).toContain(name);
    expect(await carriers(labelText(text), family, name)).toBe(wanted);
  });

  it('pieces of words, by the tokens', async () => {
    const text = 'unhappy cats';
    const pieces = {
      ids: Uint32Array.of(1, 2, 3, 4),
      starts: Uint32Array.of(0, 2, 5, 8),
      ends: Uint32Array.of(2, 5, 7, 12),
      special: new Uint8Array(4),
      unknown: new Uint8Array(4),
    };
    const document = labelText(text, { tokens: pieces });
    expect(await carriers(document, spelling, 'later piece of a word')).toBe('hap py');
    expect(await carriers(document, spelling, 'first piece of a word of several')).toBe('un');
    expect(await carriers(document, spelling, 'after a space')).toBe('cats');
  });

  it('what a tagger said: tense, comparison, negation, sentiment', async () => {
    const text = 'He went faster and is not happy';
    const word = (of: string, upos: string, lemma: string, negated = false) => {
      const start = text.indexOf(of);
      return { start, end: start + of.length, upos, lemma, negated };
    };
    const document = labelText(text, {
      tagged: {
        words: [
          word('went', 'VERB', 'go'),
          word('faster', 'ADV', 'fast'),
          word('is', 'AUX', 'be'),
          word('happy', 'ADJ', 'happy', true),
        ],
        sentences: [{ start: 0, end: text.length, sentiment: -0.5 }],
      },
    });
    expect(await carriers(document, language, 'verbs in the past tense')).toBe('went');
    expect(await carriers(document, language, 'verbs in the present tense')).toBe('is');
    expect(await carriers(document, language, 'comparatives and superlatives')).toBe('faster');
    expect(await carriers(document, language, 'within the scope of a negation')).toBe('happy');
    expect(await carriers(document, language, 'auxiliary verbs')).toBe('is');
    expect(await carriers(document, language, 'negative sentences')).toBe(text);
  });

  it('files and languages of documents', async () => {
    const family = new DocumentFamily(['docs/a.md', 'docs/b.md', 'src/c.py', 'd.py']);
    expect(family.concepts.map(({ name }) => name).slice(0, 4)).toEqual([
      'files .md',
      'files .py',
      'folder docs',
      'folder src',
    ]);
    expect(await carriers(labelText('a b', { file: 'docs/a.md' }), family, 'folder docs')).toBe('a b');
    expect(textLanguageOf('Die Katze ist nicht auf dem Tisch, und das ist gut für sie.')).toBe('German');
    expect(textLanguageOf('The cat is not on the table, and that is good for it.')).toBe('English');
    expect(textLanguageOf('猫はテーブルの上にいません。')).toBe('Japanese');
    expect(textLanguageOf('xy = f(zw); qq')).toBeNull();
  });

  it('have names of their own, and siblings that are there', () => {
    const concepts = starterSet(['a.py', 'b.md']).flatMap((family) => family.concepts);
    const names = new Set(concepts.map(({ name }) => name));
    expect(names.size).toBe(concepts.length);
    for (const { sibling } of concepts) if (sibling !== undefined) expect(names).toContain(sibling);
    expect(names.size).toBeGreaterThan(60);
  });
});

/** Each would take a naive expression minutes: the time limit of a test is the reach. */
it('take hostile texts of 50,000 characters in time that grows with their length', () => {
  const repeated = [
    'a',
    '!',
    '"',
    '(',
    '[',
    'a.',
    'a@',
    '/',
    'a/',
    '1',
    '1,',
    '1 ',
    '-',
    "'",
    "a'",
    '\n',
    ' ',
    '  \n',
    '<|',
    '$1',
    '‘',
    'x\n\n ',
  ];
  for (const piece of repeated) {
    const document = labelText(piece.repeat(50_000 / piece.length));
    for (const family of starterSet(['a.py', 'b.md'])) {
      const findings = new Findings();
      void family.find(document, findings, SILENT);
      const layout = new TokenLayout(document.text, document.tokens);
      for (const { name } of family.concepts) findings.labelsOf(name, layout);
    }
  }
});

it('say nothing that is not in the text, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const document = labelText(text);
      for (const family of starterSet(['a.py'])) {
        const findings = new Findings();
        void family.find(document, findings, SILENT);
        for (const { name } of family.concepts) {
          const { tokens } = findings.labelsOf(name, new TokenLayout(text, document.tokens));
          tokens.forEach((token, i) => expect(token).toBeGreaterThan(i === 0 ? -1 : tokens[i - 1]!));
          for (const token of tokens) expect(token).toBeLessThan(document.tokens.ids.length);
        }
      }
    }),
    { numRuns: 60 },
  );
});
