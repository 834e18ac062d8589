import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EncodingSurvey } from '../../../src/core/text/encoding';
import type { EncodingVerdict } from '../../../src/core/text/encoding';

function verdictOf(...chunks: Uint8Array[]): EncodingVerdict {
  const survey = new EncodingSurvey();
  for (const chunk of chunks) if (!survey.push(chunk)) break;
  return survey.verdict();
}

function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

const text = (encoding: string): object => ({ kind: 'text', encoding });
const prose = 'Über den Wolken – so it was, “naïve” and 3 €.\r\nA second line\twith a tab.\n';

describe('EncodingSurvey', () => {
  it.each([
    ['empty', Buffer.alloc(0), text('utf-8')],
    ['ASCII', Buffer.from('plain words\n'), text('utf-8')],
    ['UTF-8', Buffer.from(prose), text('utf-8')],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${prose}`), text('utf-8')],
    ['UTF-16 little-endian with a mark', Buffer.from(`\ufeff${prose}`, 'utf16le'), text('utf-16le')],
    ['UTF-16 big-endian with a mark', bigEndian(`\ufeff${prose}`), text('utf-16be')],
    ['Chinese UTF-16 little-endian with a mark', Buffer.from('\ufeff漢字', 'utf16le'), text('utf-16le')],
    ['Chinese UTF-16 big-endian with a mark', bigEndian('\ufeff漢字'), text('utf-16be')],
    ['UTF-16 little-endian without', Buffer.from(prose, 'utf16le'), text('utf-16le')],
    ['UTF-16 big-endian without', bigEndian(prose), text('utf-16be')],
    ['Chinese UTF-16 without', Buffer.from('一二三\u3000四五六\n一a b\n', 'utf16le'), text('utf-16le')],
    ['Latin-1', Buffer.from('Le café est fermé; la forêt brûle. Ça va?\n', 'latin1'), { kind: 'legacy' }],
    ['Windows quotes', Buffer.from('It\x92s \x93quoted\x94 \x96 done', 'latin1'), { kind: 'legacy' }],
    // "Привет, как дела?" in windows-1251, "日本語のテキスト" in Shift JIS, "日本語" in ISO-2022-JP.
    ['Cyrillic', Buffer.from('cff0e8e2e5f22c20eae0ea20e4e5ebe03f', 'hex'), { kind: 'legacy' }],
    ['Japanese', Buffer.from('93fa967b8cea82cc83658374835883672e', 'hex'), { kind: 'legacy' }],
    ['Japanese in ASCII', Buffer.from('\x1b$BF|K\\8l\x1b(B\n'), { kind: 'legacy' }],
    ['coloured logs', Buffer.from('\x1b[31mfehler\x1b[0m ok'), text('utf-8')],
    ['a PDF', Buffer.from('%PDF-1.7\nplain so far'), { kind: 'binary' }],
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), { kind: 'binary' }],
    ['zeros after a mark of UTF-8', Buffer.from('\ufeffa\0b\0c\0'), { kind: 'binary' }],
    ['numbers of 32 bits', Buffer.from('41000000420000004300ffff', 'hex'), { kind: 'binary' }],
    ['compressed data', Buffer.from('1f8b0803abcdef01f3c8e4', 'hex'), { kind: 'binary' }],
  ])('knows %s', (_, bytes, verdict) => {
    expect(verdictOf(bytes)).toEqual(verdict);
  });

  it('takes only a whole mark for one', () => {
    for (const [mark, most] of [
      ['%PDF', 'X'],
      ['\xff\xfe', 'a'],
      ['\xfe\xff', 'a'],
    ] as const) {
      for (const place of mark.length === 4 ? [0, 1, 2, 3] : [0, 1]) {
        const head = mark.slice(0, place) + most + mark.slice(place + 1);
        const bytes = Buffer.from(`${head} plain words`, 'latin1');
        expect(verdictOf(bytes), head).toEqual(mark === '%PDF' ? text('utf-8') : { kind: 'legacy' });
      }
    }
    // Characters of UTF-16 whose bytes are those of the mark of UTF-8, and one that is not.
    const characters = ['\xef', '\xbb', '\xbf', 'a'];
    for (const start of characters.flatMap((first) => characters.map((second) => first + second))) {
      expect(verdictOf(Buffer.from(start + prose, 'utf16le')), start).toEqual(text('utf-16le'));
      expect(verdictOf(bigEndian(start + prose)), start).toEqual(text('utf-16be'));
    }
  });

  it('tells text of another encoding by its control characters, which none has but for space and colours', () => {
    for (let control = 1; control < 0x20; control++) {
      const kind = '\t\n\f\r\x1b'.includes(String.fromCharCode(control)) ? 'legacy' : 'binary';
      const bytes = Buffer.from(`caf\xe9${String.fromCharCode(control)} ferm\xe9`, 'latin1');
      expect(verdictOf(bytes), String(control)).toEqual({ kind });
    }
  });

  it('takes a file for mixed where a fifth of its lines beyond ASCII is UTF-8', () => {
    const lines = (legacy: number) =>
      Buffer.concat([
        Buffer.from('plain\nnaïve café\nplain\n'),
        Buffer.from('naïve café\n'.repeat(legacy), 'latin1'),
      ]);
    expect(verdictOf(lines(4))).toMatchObject({ reason: expect.stringContaining('mixes UTF-8') as string });
    expect(verdictOf(lines(5))).toEqual({ kind: 'legacy' });
  });

  it('finds a zero byte far into a file', () => {
    expect(verdictOf(Buffer.alloc(100_000, 'a'), Buffer.from('b\0'))).toEqual({ kind: 'binary' });
  });

  it('says where UTF-8 is broken, and does not take it for Latin-1', () => {
    const broken = Buffer.concat([Buffer.from('日本語 é ü'), Buffer.from([0xc3]), Buffer.from(' rest')]);
    for (const cut of [0, 7, broken.length - 1]) {
      expect(verdictOf(broken.subarray(0, cut), broken.subarray(cut))).toEqual({
        kind: 'unknown',
        reason: 'it is UTF-8 but broken at byte 16: save it again as UTF-8',
      });
    }
  });

  it('says that a file mixes UTF-8 with another encoding', () => {
    const [utf8, latin1] = [Buffer.from('naïve café\n'), Buffer.from('naïve café\n', 'latin1')];
    expect(verdictOf(Buffer.concat([utf8, latin1, latin1]))).toEqual({
      kind: 'unknown',
      reason: 'it mixes UTF-8 with another encoding, at byte 16 and 3 more: save it again as UTF-8',
    });
  });

  it.each([
    ['a mark', '\ufeffplain 😀 text\n'],
    ['none', 'plain 😀 text\n'],
    ['a mark, where it is short', '\ufeffa'],
  ])('says that it does not read UTF-32 with %s', (_, text) => {
    const units = Uint32Array.from(Array.from(text), (character) => character.codePointAt(0)!);
    const little = Buffer.from(units.buffer);
    const big = Buffer.from(little).swap32();
    for (const bytes of [little, big]) {
      expect(verdictOf(bytes)).toEqual({ kind: 'unknown', reason: 'it is UTF-32: save it as UTF-8' });
    }
  });

  it('agrees with Node on what is UTF-8, however the bytes are cut', () => {
    const ends = ['\x80', '\u07ff', '\u0800', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'];
    // One beyond each end: overlong, of a surrogate, past the last character.
    const beyond = ['c1bf', 'e09fbf', 'eda080', 'f08fbfbf', 'f4908080', 'f5808080'];
    const pieces = fc.oneof(
      fc.constantFrom('e', 'é', '漢', '😀', '\n', ...ends).map((piece) => Buffer.from(piece)),
      fc.constantFrom(...beyond).map((hex) => Buffer.from(hex, 'hex')),
      // Without the escape by which ISO-2022 begins: such a file is called legacy, though UTF-8 by its bytes.
      fc
        .integer({ min: 1, max: 255 })
        .filter((byte) => byte !== 0x1b)
        .map((byte) => Buffer.from([byte])),
    );
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1 }), fc.nat(), (list, cut) => {
        const bytes = Buffer.concat([Buffer.from('text '), ...list]);
        const at = 5 + (cut % (bytes.length - 4));
        const verdict = verdictOf(bytes.subarray(0, at), bytes.subarray(at));
        const isCalledUtf8 = verdict.kind === 'text' && verdict.encoding === 'utf-8';
        expect(isCalledUtf8).toBe(isUtf8(bytes));
      }),
      { numRuns: 2000 },
    );
  });
});
