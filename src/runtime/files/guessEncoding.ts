/** What a text is taken for whose bytes do not show their encoding: its name and its WHATWG label. */
export interface EncodingGuess {
  readonly name: string;
  readonly label: string;
}

/** Bytes that are looked at. */
const SAMPLE_BYTES = 1 << 14;
const LONGEST_LINE = 1 << 12;
/** Below this the detector has nothing to go by, and the encoding that is by far the commonest is taken if it fits. */
const LEAST_CONFIDENCE = 0.08;
const COMMONEST: EncodingGuess = { name: 'Windows-1252', label: 'windows-1252' };
/** Guesses of the detector that are tried one after the other. */
const MOST_TRIED = 8;

/** Hardly ever met, and taken for others more often than found (measured on translations into 40 languages). */
const UNLIKELY = [
  ...['iso8859-3', 'iso8859-4', 'iso8859-10', 'ISO-8859-13', 'iso8859-14', 'iso8859-16'],
  ...['cp037', 'cp500', 'cp720', 'cp737', 'cp861', 'cp865', 'cp1026', 'cp1140'],
  ...['ptcp154', 'KZ1048', 'MacLatin2'],
];
/** WHATWG labels of encodings that the detector calls otherwise. */
const LABELS: Readonly<Record<string, string>> = {
  CP932: 'shift_jis',
  CP949: 'euc-kr',
  CP874: 'windows-874',
  MacRoman: 'macintosh',
  MacCyrillic: 'x-mac-cyrillic',
};

/**
 * Guesses the encoding of text that is neither UTF-8 nor UTF-16, from the lines that are beyond ASCII.
 * @param bytes the file's, in chunks
 */
export async function guessEncoding(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<EncodingGuess | { readonly reason: string }> {
  const sample = await sampleOf(bytes);
  const { detectAll } = await import('jschardet');
  const guesses = detectAll(sample, { excludeEncodings: UNLIKELY, minimumThreshold: 0 });
  const isWild = (guesses[0]?.confidence ?? 0) < LEAST_CONFIDENCE;
  if (isWild && fits(sample, COMMONEST.label)) return COMMONEST;
  for (const { encoding: name } of guesses.slice(0, MOST_TRIED)) {
    if (name === null) continue;
    const label = LABELS[name] ?? name.toLowerCase();
    if (!isDecoded(label)) return { reason: `it seems to be ${name}, which is not read: save it as UTF-8` };
    if (fits(sample, label)) return { name, label };
  }
  return { reason: 'its encoding is not UTF-8 and cannot be guessed: save it as UTF-8' };
}

/** Lines of a text in which there is more than ASCII, or an escape. */
async function sampleOf(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array> {
  const lines: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    for (let start = 0, end: number; start < chunk.length; start = end) {
      const lineEnd = chunk.indexOf(0x0a, start);
      end = Math.min(lineEnd < 0 ? chunk.length : lineEnd + 1, start + LONGEST_LINE);
      const line = chunk.subarray(start, end);
      if (!line.some((byte) => byte >= 0x80 || byte === 0x1b)) continue;
      lines.push(line);
      length += line.length;
      if (length >= SAMPLE_BYTES) return Buffer.concat(lines);
    }
  }
  return Buffer.concat(lines);
}

function isDecoded(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}

/** Signs that stand between two letters of one word in a wrong encoding, and letters of two alphabets side by side. */
const ODD =
  /(?<=\p{L})[^\p{L}\p{M}\0-\x7f’‘\u00a0\u00ad·‑ʼ](?=\p{L})|\p{Script=Latin}(?=(?!\p{Script=Latin})\p{L})|(?!\p{Script=Latin})\p{L}(?=\p{Script=Latin})/gu;
const MOST_ODD = 0.1;

/** Whether a sample makes words in an encoding. */
function fits(sample: Uint8Array, label: string): boolean {
  let text: string;
  try {
    // In one piece, Node's decoder would take windows-1252 for Latin-1.
    text = new TextDecoder(label, { fatal: true }).decode(sample, { stream: true });
  } catch {
    return false;
  }
  if (/[\x80-\x9f]/.test(text)) return false;
  const beyondAscii = text.match(/[^\0-\x7f]/gu)?.length ?? 0;
  return (text.match(ODD)?.length ?? 0) <= MOST_ODD * beyondAscii;
}
