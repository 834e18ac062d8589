import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Corpus } from '../../../src/core/text/corpus';
import type { FileRange, SourceDocument } from '../../../src/core/text/document';
import { SLICE_LENGTH } from '../../../src/core/text/slices';
import { guessedSentences } from '../../../src/core/text/guessed';
import { skipCountsOf, skippedSentences } from '../../../src/core/text/skipped';
import type { CorpusRequest } from '../../../src/runtime/files/findFiles';
import { openCorpus } from '../../../src/runtime/files/openCorpus';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();

function write(files: Record<string, string | Uint8Array>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

function open(request: Partial<CorpusRequest> = {}): Promise<Corpus> {
  return openCorpus({ root: folder.path, inputs: ['.'], ...request });
}

async function allOf(corpus: Corpus): Promise<SourceDocument[]> {
  const documents: SourceDocument[] = [];
  for await (const document of corpus.documents(new AbortController().signal)) documents.push(document);
  return documents;
}

/** Signs that Latin-1 lacks, as the Latin-1 characters of the same byte. */
const WINDOWS_1252: Readonly<Record<string, string>> = { '“': '\x93', '”': '\x94', '–': '\x96', '€': '\x80' };

async function filesOf(request: Partial<CorpusRequest> = {}): Promise<string[]> {
  return (await open(request)).files.map(({ file }) => file);
}

describe('the files of a corpus', () => {
  it('leaves out what .gitignore files say, the inner ones first', async () => {
    write({
      '.gitignore': '*.log\n/build/\nsecret*\n',
      'a.txt': 'a',
      'a.log': 'x',
      'build/out.txt': 'x',
      'deep/.gitignore': '!keep.log\n*.tmp\n',
      'deep/keep.log': 'kept',
      'deep/other.log': 'x',
      'deep/b.tmp': 'x',
      'deep/build/c.txt': 'c',
      'deep/secret/d.txt': 'x',
      'node_modules/p/index.js': 'x',
      '.neuron-lens/concepts.json': '{}',
      '.git/config': 'x',
    });
    expect(await filesOf()).toEqual([
      '.gitignore',
      'a.txt',
      'deep/.gitignore',
      'deep/build/c.txt',
      'deep/keep.log',
    ]);
    expect((await open()).skipped.ignored).toBe(5);
    expect(await filesOf({ inputs: ['deep'] })).toEqual([
      'deep/.gitignore',
      'deep/build/c.txt',
      'deep/keep.log',
    ]);
    expect(await filesOf({ ignoreFiles: false })).toHaveLength(10);
    expect(await filesOf({ inputs: ['a.log', 'deep/other.log'] })).toEqual(['a.log', 'deep/other.log']);
  });

  it('takes globs, absolute paths, and includes and excludes', async () => {
    write({
      'a.md': '1',
      'src/b.ts': '2',
      'src/b.md': '3',
      'src/in/c.ts': '4',
      'src/[x]/d.ts': '5',
      '.hidden/e.ts': '6',
    });
    expect(await filesOf({ inputs: ['src/**/*.ts'] })).toEqual(['src/[x]/d.ts', 'src/b.ts', 'src/in/c.ts']);
    expect(await filesOf({ inputs: ['src/[x]/d.ts', join(folder.path, 'a.md')] })).toEqual([
      'a.md',
      'src/[x]/d.ts',
    ]);
    expect(await filesOf({ include: ['*.ts'], exclude: ['src/in', '**/.hidden'] })).toEqual([
      'src/[x]/d.ts',
      'src/b.ts',
    ]);
    expect(await filesOf({ inputs: ['src', 'src/b.ts', 'src/*.ts'], include: ['*.ts'] })).toHaveLength(3);
  });

  it('says what is not there, and when nothing is left', async () => {
    write({ 'a.png': 'x', 'b.log': 'x', '.gitignore': '*.log\n.gitignore\n' });
    await expect(open({ inputs: ['none.txt'] })).rejects.toMatchObject({ code: 'not-found' });
    await expect(open()).rejects.toThrow(
      'There are no text files under . (2 ignored by .gitignore or an exclude rule, 1 binary)',
    );
    await expect(open({ inputs: ['*.xyz'] })).rejects.toThrow('no text files under *.xyz');
  });

  it('reads linked files once, and names the links that it does not follow', async () => {
    const link = (target: string, name: string): void =>
      symlinkSync(target, join(folder.path, 'texts', name));
    write({ 'store/x1': 'one', 'store/x2': 'two', 'texts/own.txt': 'own', 'private/.gitignore': '*\n' });
    link('../store/x1', 'one.txt');
    link('../store/x1', 'one again.txt');
    link(join(folder.path, 'store/x2'), 'two.txt');
    link('own.txt', 'alias.txt');
    link('two.txt', 'chain.txt');
    link('..', 'loop');
    link('nowhere', 'broken.txt');
    link('circle.txt', 'circle.txt');
    link('/dev/zero', 'device.txt');
    const corpus = await open({ inputs: ['texts', 'texts/own.txt'] });
    const documents = await allOf(corpus);
    expect(documents.map(({ file, text }) => [file, text])).toEqual([
      ['texts/chain.txt', 'two'],
      ['texts/one again.txt', 'one'],
      ['texts/own.txt', 'own'],
    ]);
    expect(skipCountsOf(corpus.skipped)).toEqual({
      ...{ brokenLink: 2, linkedFolder: 1, linkedTwice: 3, notAFile: 1 },
    });
    expect(skippedSentences(corpus.skipped).sort()).toEqual([
      'texts/alias.txt was left out: it is the same file as texts/own.txt.',
      'texts/broken.txt was left out: it is a link to nothing.',
      'texts/circle.txt was left out: its links lead in a circle.',
      'texts/device.txt was left out: it is a pipe, a socket or a device, and no file.',
      'texts/loop was left out: it is a link to a folder: name that folder itself to have it read.',
      'texts/one.txt was left out: it is the same file as texts/one again.txt.',
      'texts/two.txt was left out: it is the same file as texts/chain.txt.',
    ]);
    expect(await filesOf({ inputs: ['texts/*.txt'] })).toEqual(documents.map(({ file }) => file));
    expect(await filesOf({ inputs: ['texts/loop/texts'] })).toContain('texts/loop/texts/alias.txt');
  });

  it.skipIf(process.platform === 'win32')('never opens a pipe', async () => {
    write({ 'a.txt': 'a' });
    execFileSync('mkfifo', [join(folder.path, 'pipe.txt')]);
    expect(await filesOf()).toEqual(['a.txt']);
    await expect(open({ inputs: ['pipe.txt'] })).rejects.toThrow(
      'There are no text files under pipe.txt (1 of a kind that is not read (pipe, socket or device)). pipe.txt was left out: it is a pipe',
    );
  });

  it('finds 10,000 files', async () => {
    for (let index = 0; index < 100; index++) {
      const files = Array.from(
        { length: 100 },
        (_, n) => [`f${index}/${n}.txt`, `text ${index} ${n}`] as const,
      );
      write(Object.fromEntries(files));
    }
    const corpus = await open();
    expect(corpus.files).toHaveLength(10_000);
    expect(await allOf(corpus)).toHaveLength(10_000);
    expect(corpus.read).toHaveLength(10_000);
  });
});

describe('the documents of a corpus', () => {
  it('come with text, record and place, in the order of their keys', async () => {
    write({
      'a.jsonl': '{"text":"one"}\n{"text":"t\\u0077o"}\n',
      'a.jsonl b.txt': 'spaced',
      'b.csv': 'id,text\n1,"x\n""y"""\n',
      'c.json': '[{"content":"records"}]',
      'package.json': '{"name":"no records"}',
      'tsconfig.json': '[1, 2, {"text": "not the first"}]',
      'd.txt': '\ufeffline one\r\nline two',
      'empty.txt': '',
    });
    const corpus = await open();
    const documents = await allOf(corpus);
    expect(documents.map(({ file, record, text }) => [file, record, text])).toEqual([
      ['a.jsonl', 0, 'one'],
      ['a.jsonl', 1, 'two'],
      ['a.jsonl b.txt', null, 'spaced'],
      ['b.csv', 0, 'x\n"y"'],
      ['c.json', 0, 'records'],
      ['d.txt', null, 'line one\r\nline two'],
      ['package.json', null, '{"name":"no records"}'],
      ['tsconfig.json', null, '[1, 2, {"text": "not the first"}]'],
    ]);
    const keys = documents.map(({ key }) => key);
    expect(keys).toEqual([...new Set(keys)].sort());
    expect(documents[1]!.locate(2)).toEqual({ line: 2, column: 17 });
    expect(documents[3]!.locate(3)).toEqual({ line: 3, column: 3 });
    expect(documents[5]!.locate(10)).toEqual({ line: 2, column: 1 });
    expect(corpus.read.map(({ file }) => file)).toEqual(corpus.files.map(({ file }) => file));
    const bytes = Buffer.from('\ufeffline one\r\nline two');
    expect(corpus.read.find(({ file }) => file === 'd.txt')).toEqual({
      file: 'd.txt',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  it('cuts long files and long records into parts', async () => {
    const long = 'some words\n'.repeat(60_000);
    write({ 'long.txt': long, 'long.txt.bak': 'short', 'long.jsonl': JSON.stringify({ text: long }) });
    const documents = await allOf(await open());
    expect(documents.map(({ key }) => key)).toEqual([
      'long.jsonl#000000000#00001',
      'long.jsonl#000000000#00002',
      'long.jsonl#000000000#00003',
      'long.txt#00001',
      'long.txt#00002',
      'long.txt#00003',
      'long.txt.bak',
    ]);
    for (const file of ['long.txt', 'long.jsonl']) {
      const parts = documents.filter((document) => document.file === file);
      expect(parts.map(({ text }) => text).join('')).toBe(long);
      expect(parts.map(({ offsetBase }) => offsetBase)).toEqual([
        0,
        parts[0]!.text.length,
        2 * parts[0]!.text.length,
      ]);
      expect(parts[0]!.text.length).toBeGreaterThan(SLICE_LENGTH - 20);
    }
    expect(documents[1]!.locate(0)).toEqual({ line: 1, column: 10 + (documents[1]!.offsetBase / 11) * 12 });
    expect(documents[4]!.locate(12)).toEqual({ line: documents[4]!.offsetBase / 11 + 2, column: 2 });
  });

  it('reads a stretch of a file, which keeps its places in the whole one', async () => {
    const text = '{"a": 1}\r\nfirst\rsecond line\nthird 😀 line\n';
    write({ 'notes.jsonl': text, 'bom.txt': `\ufeff${text}` });
    for (const file of ['notes.jsonl', 'bom.txt']) {
      const range = { from: { line: 3, column: 8 }, to: { line: 4, column: 9 } };
      const corpus = await open({ inputs: [file], range });
      const [document, ...others] = await allOf(corpus);
      expect(others).toEqual([]);
      expect(document).toMatchObject({ key: `${file}#3:8-4:9`, file, record: null, text: 'line\nthird 😀' });
      expect(document!.offsetBase).toBe(text.indexOf('line'));
      expect(document!.locate(0)).toEqual(range.from);
      expect(document!.locate(5)).toEqual({ line: 4, column: 1 });
      expect(document!.locate(document!.text.length)).toEqual(range.to);
      // The whole file's, so that a change anywhere in it is seen.
      expect(corpus.read).toMatchObject([
        { file, bytes: Buffer.byteLength(text) + (file === 'bom.txt' ? 3 : 0) },
      ]);
    }
  });

  it('reads no further than the file, whatever the stretch says', async () => {
    write({ 'short.txt': 'one\ntwo' });
    const textOf = async (range: FileRange): Promise<string[]> =>
      (await allOf(await open({ inputs: ['short.txt'], range }))).map(({ text }) => text);
    const [start, end] = [
      { line: 1, column: 1 },
      { line: 9, column: 9 },
    ];
    expect(await textOf({ from: start, to: end })).toEqual(['one\ntwo']);
    expect(await textOf({ from: end, to: end })).toEqual([]);
    expect(await textOf({ from: end, to: start })).toEqual([]);
  });

  it('reads every encoding that it knows and streams large files in it', async () => {
    const text = 'Grüße – “ça va” 12 €, naïve café\n'.repeat(50_000);
    write({
      'utf8.txt': text,
      'utf16le.txt': Buffer.from(`\ufeff${text}`, 'utf16le'),
      'utf16be.txt': Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
      'western.txt': Buffer.from(
        text.replace(/[“”–€]/g, (sign) => WINDOWS_1252[sign]!),
        'latin1',
      ),
    });
    const corpus = await open();
    const documents = await allOf(corpus);
    const textOf = (name: string): string =>
      documents
        .filter(({ file }) => file === name)
        .map((part) => part.text)
        .join('');
    expect(textOf('utf8.txt')).toBe(text);
    expect(textOf('utf16le.txt')).toBe(text);
    expect(textOf('utf16be.txt')).toBe(text);
    expect(textOf('western.txt')).toBe(text);
    expect(corpus.guessed).toEqual([{ file: 'western.txt', encoding: 'Windows-1252' }]);
    expect(guessedSentences(corpus.guessed)).toEqual([
      'western.txt was read as Windows-1252, a guess: save it as UTF-8 to be sure.',
    ]);
  });

  it('counts what cannot be read, and goes on', async () => {
    write({
      'a.dat': Buffer.from([1, 0, 2, 0, 0]),
      'b.txt': Buffer.concat([Buffer.from('日本語'), Buffer.from([0xff])]),
      'c.csv': 'id,n\n1,2\n',
      'd.jsonl': '{"text":"ok"}\n{"te\n{"text":"fine"}\n',
      'gone.txt': 'x',
      'picture.png': 'x',
      'z.txt': 'last',
    });
    const corpus = await open();
    const texts: string[] = [];
    for await (const { text } of corpus.documents(new AbortController().signal)) {
      texts.push(text);
      rmSync(join(folder.path, 'gone.txt'), { force: true });
    }
    expect(texts).toEqual(['ok', 'fine', 'last']);
    expect(corpus.read.map(({ file }) => file)).toEqual(['d.jsonl', 'z.txt']);
    expect(corpus.skipped).toEqual({
      binary: ['picture.png', 'a.dat'],
      ignored: 0,
      unreadable: [
        {
          ...{ file: 'b.txt', fault: 'encoding' },
          reason: 'it is UTF-8 but broken at byte 9: save it again as UTF-8',
        },
        {
          ...{ file: 'c.csv', fault: 'noTextField' },
          reason: expect.stringContaining('its columns are id, n') as string,
        },
        { file: 'gone.txt', fault: 'changed', reason: 'it is not there' },
      ],
      brokenRecords: [
        {
          ...{ file: 'd.jsonl', count: 1, faults: { invalidJson: 1 } },
          first: 'line 2: it is not valid JSON',
        },
      ],
    });
  });

  it('counts what was read and cannot be run, by file or by record', async () => {
    write({
      'plain.txt': 'fine\n',
      'rows.jsonl': '{"text":"one"}\n{"text":"two"}\n{"text":"three"}\n',
    });
    const corpus = await open();
    for (const document of await allOf(corpus)) {
      if (document.text !== 'two') corpus.leaveOut(document, 'it is odd');
    }
    expect(corpus.skipped.unreadable).toEqual([
      { file: 'plain.txt', fault: 'unfitText', reason: 'it is odd' },
    ]);
    expect(corpus.skipped.brokenRecords).toEqual([
      { file: 'rows.jsonl', count: 2, faults: { unfit: 2 }, first: 'line 1: it is odd' },
    ]);
    expect(corpus.read.map(({ file }) => file)).toEqual(['plain.txt', 'rows.jsonl']);
  });

  it('goes on when a large file is cut short or a folder may not be opened', async () => {
    write({ 'big.txt': 'x y\n'.repeat(1_000_000), 'z.txt': 'last', 'closed/a.txt': 'x' });
    chmodSync(join(folder.path, 'closed'), 0);
    const corpus = await open({ exclude: process.getuid?.() === 0 ? ['closed'] : [] });
    const iterator = corpus.documents(new AbortController().signal)[Symbol.asyncIterator]();
    await iterator.next();
    rmSync(join(folder.path, 'big.txt'));
    let last = '';
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
      last = next.value.text;
    expect(last).toBe('last');
    chmodSync(join(folder.path, 'closed'), 0o755);
  });

  it('says how far it came in a file that was changed meanwhile', async () => {
    write({ 'a.txt': 'words\n'.repeat(500_000), 'b.txt': 'last' });
    const corpus = await open();
    for await (const { offsetBase } of corpus.documents(new AbortController().signal)) {
      if (offsetBase === 0) write({ 'a.txt': Buffer.alloc(3_000_000, 0xff) });
    }
    const [{ file, fault, reason } = {}] = corpus.skipped.unreadable;
    expect([file, fault]).toEqual(['a.txt', 'changed']);
    expect(reason).toMatch(/^all but its first \d+ texts, as it changed while it was read/);
    expect(corpus.read.map((read) => read.file)).toEqual(['b.txt']);
  });

  it('stops when it is told to', async () => {
    write({ 'a.txt': 'a', 'b.txt': 'b' });
    const controller = new AbortController();
    const seen: string[] = [];
    const run = async (): Promise<void> => {
      for await (const { file } of (await open()).documents(controller.signal)) {
        seen.push(file);
        controller.abort(new Error('cancelled by the user'));
      }
    };
    await expect(run()).rejects.toThrow('cancelled by the user');
    expect(seen).toEqual(['a.txt']);
  });
});
