import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { surveyFile } from '../../../src/runtime/files/fileText';
import { guessEncoding } from '../../../src/runtime/files/guessEncoding';
import { readText } from '../../../src/runtime/files/readText';
import { temporaryFolder } from './temporaryFolder';

interface Encoded {
  encoding: string;
  language: string;
  text: string;
  bytes: string;
}
const samples = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/text/encodings.json'), 'utf8'),
) as Encoded[];
/** Encodings of DOS that no decoder of the platform knows: they must be refused, not taken for another. */
const UNREADABLE = ['cp850', 'cp852', 'cp775'];

const folder = temporaryFolder();
const signal = new AbortController().signal;

async function write(bytes: Uint8Array): Promise<string> {
  const path = join(folder.path, 'text.txt');
  await writeFile(path, bytes);
  return path;
}

describe('text in an encoding of before Unicode', () => {
  it.each(samples.filter(({ encoding }) => !UNREADABLE.includes(encoding)))(
    'is read as Python reads it, and said to be a guess: $language in $encoding',
    async ({ text, bytes }) => {
      const notices: string[] = [];
      const path = await write(Buffer.from(bytes, 'base64'));
      expect(await readText(path, signal, (sentence) => notices.push(sentence))).toBe(text);
      expect(notices).toHaveLength(1);
      expect(notices[0]).toMatch(/was read as \S+, a guess: save it as UTF-8/);
    },
  );

  it.each(samples.filter(({ encoding }) => UNREADABLE.includes(encoding)))(
    'is refused where it cannot be read: $language in $encoding',
    async ({ bytes }) => {
      const { verdict } = await surveyFile(await write(Buffer.from(bytes, 'base64')), signal);
      expect(verdict).toMatchObject({
        kind: 'unknown',
        reason: expect.stringContaining('it seems to be cp') as string,
      });
    },
  );

  it('is judged by its lines beyond ASCII, however far into the file they are', async () => {
    const polish = Buffer.from(samples[0]!.bytes, 'base64');
    const chunks = [Buffer.from('plain words in a line\n'.repeat(50_000)), polish];
    expect(await guessEncoding(chunks)).toEqual({ name: 'Windows-1250', label: 'windows-1250' });
  });

  it('is refused where it does not hold what its beginning promises', async () => {
    const japanese = Buffer.from(samples.find(({ encoding }) => encoding === 'shift_jis')!.bytes, 'base64');
    const broken = Buffer.concat([...Array.from({ length: 200 }, () => japanese), Buffer.from([0x81, 0x20])]);
    const { verdict } = await surveyFile(await write(broken), signal);
    expect(verdict).toEqual({
      kind: 'unknown',
      reason: 'it seems to be CP932 but is broken: save it as UTF-8',
    });
  });
});
