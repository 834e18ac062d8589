import { join } from 'node:path';
import { LensError } from '../../core/common/errors';
import type { Corpus } from '../../core/text/corpus';
import type { CorpusFile, FileRange, SkippedFiles, SourceDocument } from '../../core/text/document';
import { fileKey, partKey, rangeKey, recordKey } from '../../core/text/documentKey';
import { chooseFormat } from '../../core/text/formats/chooseFormat';
import { plainTextBetween } from '../../core/text/formats/plain';
import type { FoundText } from '../../core/text/formats/format';
import { readReason } from './fileErrors';
import { findFiles } from './findFiles';
import type { CorpusRequest, FoundFiles } from './findFiles';
import { surveyFile } from './fileText';

/**
 * Finds the files that are asked for; their texts are read when `documents` comes to them.
 * @throws LensError `not-found` when an input is not there, or there is nothing to read under any of them.
 */
export async function openCorpus(request: CorpusRequest): Promise<Corpus> {
  return new FileCorpus(request, await findFiles(request));
}

class FileCorpus implements Corpus {
  readonly root: string;
  readonly files: readonly { readonly file: string; readonly bytes: number }[];
  private readonly textField: string | null;
  private readonly range: FileRange | undefined;
  private readFiles: CorpusFile[] = [];
  private binary = 0;
  private unreadable: SkippedFiles['unreadable'][number][] = [];
  private brokenRecords: SkippedFiles['brokenRecords'][number][] = [];

  constructor(
    request: CorpusRequest,
    private readonly found: FoundFiles,
  ) {
    this.root = request.root;
    this.textField = request.textField ?? null;
    this.range = request.range;
    this.files = [...found.files]
      .map(([file, { bytes }]) => ({ file, bytes, key: fileKey(file) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ file, bytes }) => ({ file, bytes }));
  }

  get read(): readonly CorpusFile[] {
    return this.readFiles;
  }

  get skipped(): SkippedFiles {
    return {
      binary: this.found.binary + this.binary,
      ignored: this.found.ignored,
      unreadable: [...this.found.unreadable, ...this.unreadable],
      brokenRecords: this.brokenRecords,
    };
  }

  async *documents(signal: AbortSignal): AsyncGenerator<SourceDocument> {
    this.readFiles = [];
    this.binary = 0;
    this.unreadable = [];
    this.brokenRecords = [];
    for (const { file } of this.files) {
      try {
        yield* this.documentsOf(file, signal);
      } catch (thrown) {
        signal.throwIfAborted();
        this.unreadable.push({ file, reason: reasonOf(thrown) });
      }
    }
  }

  private async *documentsOf(file: string, signal: AbortSignal): AsyncGenerator<SourceDocument> {
    const source = await surveyFile(join(this.root, file), signal);
    if (source.verdict.kind === 'binary') this.binary += 1;
    if (source.verdict.kind === 'unknown') this.unreadable.push({ file, reason: source.verdict.reason });
    if (source.verdict.kind !== 'text') return;

    let broken = 0;
    let first = '';
    const format = this.range
      ? plainTextBetween(this.range)
      : await chooseFormat(file, () => source.chunks(), this.textField);
    const texts = format(source.chunks(), {
      textField: this.textField,
      onBroken({ line }, reason) {
        if (broken === 0) first = `line ${line}: ${reason}`;
        broken += 1;
      },
    });
    for await (const text of texts) {
      signal.throwIfAborted();
      if (text.text !== '') yield documentOf(file, text, this.range);
    }
    if (broken > 0) this.brokenRecords.push({ file, count: broken, first });
    const hash = source.hash();
    if (hash !== null) this.readFiles.push({ file, ...hash });
  }
}

function documentOf(
  file: string,
  { record, part, text, offsetBase, locate }: FoundText,
  range: FileRange | undefined,
): SourceDocument {
  const plain = range ? rangeKey(file, range) : fileKey(file);
  const whole = record === null ? plain : recordKey(file, record);
  const key = part === null ? whole : partKey(whole, part);
  return { key, file, record, text, offsetBase, locate };
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof LensError) return thrown.message;
  if (thrown instanceof TypeError) return 'it changed while it was read: profile it again';
  return readReason(thrown);
}
