import { join } from 'node:path';
import { LensError } from '../../core/common/errors';
import type { RecordFault } from '../../core/common/skipReasons';
import type { Corpus } from '../../core/text/corpus';
import type { CorpusFile, FileRange, SourceDocument } from '../../core/text/document';
import { fileKey, sliceKey, rangeKey, recordKey } from '../../core/text/documentKey';
import { chooseFormat } from '../../core/text/formats/chooseFormat';
import { plainTextBetween } from '../../core/text/formats/plain';
import type { GuessedFile } from '../../core/text/guessed';
import type { FormatOptions, FoundText } from '../../core/text/formats/format';
import type { Skipped, SkippedFile, SkippedRecords } from '../../core/text/skipped';
import { readFault, type ReadFault } from './fileErrors';
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
  private binary: string[] = [];
  private unreadable: SkippedFile[] = [];
  private brokenRecords: SkippedRecords[] = [];
  private guessedFiles: GuessedFile[] = [];
  /** Records that were read and cannot be run, by file. */
  private unfit = new Map<string, SkippedRecords>();

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

  get guessed(): readonly GuessedFile[] {
    return this.guessedFiles;
  }

  get skipped(): Skipped {
    return {
      binary: [...this.found.binary, ...this.binary],
      ignored: this.found.ignored,
      unreadable: [...this.found.unreadable, ...this.unreadable],
      brokenRecords: [...this.brokenRecords, ...this.unfit.values()],
    };
  }

  leaveOut({ file, record, offsetBase, locate }: SourceDocument, reason: string): void {
    if (record === null) {
      const part = offsetBase === 0 ? '' : `its part from line ${locate(0).line} on, as `;
      this.unreadable.push({ file, fault: 'unfitText', reason: part + reason });
      return;
    }
    const first = this.unfit.get(file)?.first ?? `line ${locate(0).line}: ${reason}`;
    const count = (this.unfit.get(file)?.count ?? 0) + 1;
    this.unfit.set(file, { file, count, first, faults: { unfit: count } });
  }

  async *documents(signal: AbortSignal): AsyncGenerator<SourceDocument> {
    this.readFiles = [];
    this.binary = [];
    this.unreadable = [];
    this.brokenRecords = [];
    this.guessedFiles = [];
    this.unfit = new Map();
    for (const { file } of this.files) {
      let given = 0;
      try {
        for await (const document of this.documentsOf(file, signal)) {
          given += 1;
          yield document;
        }
      } catch (thrown) {
        signal.throwIfAborted();
        const { fault, reason } = faultOf(thrown);
        const rest = given === 0 ? '' : `all but its first ${given === 1 ? 'text' : `${given} texts`}, as `;
        this.unreadable.push({ file, fault, reason: rest + reason });
      }
    }
  }

  private async *documentsOf(file: string, signal: AbortSignal): AsyncGenerator<SourceDocument> {
    const source = await surveyFile(join(this.root, file), signal);
    const { verdict } = source;
    if (verdict.kind === 'binary') this.binary.push(file);
    if (verdict.kind === 'unknown') {
      this.unreadable.push({ file, fault: 'encoding', reason: verdict.reason });
    }
    if (verdict.kind !== 'text') return;
    if (verdict.guess !== null) this.guessedFiles.push({ file, encoding: verdict.guess });

    const read = this.range
      ? plainTextBetween(this.range)
      : await chooseFormat(file, () => source.chunks(), this.textField);
    const broken = new BrokenRecords(file);
    const texts = read(source.chunks(), { textField: this.textField, onBroken: broken.add });
    for await (const text of texts) {
      signal.throwIfAborted();
      if (text.text !== '') yield documentOf(file, text, this.range);
    }
    this.brokenRecords.push(...broken.found());
    const hash = source.hash();
    if (hash !== null) this.readFiles.push({ file, ...hash });
  }
}

/** Counts the records of a file that cannot be read. */
class BrokenRecords {
  private readonly faults = new Map<RecordFault, number>();
  private count = 0;
  private first = '';

  constructor(private readonly file: string) {}

  readonly add: FormatOptions['onBroken'] = ({ line }, fault, reason) => {
    if (this.count === 0) this.first = `line ${line}: ${reason}`;
    this.count += 1;
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  };

  found(): SkippedRecords[] {
    const { file, count, first } = this;
    return count === 0 ? [] : [{ file, count, first, faults: Object.fromEntries(this.faults) }];
  }
}

function documentOf(
  file: string,
  { record, slice, text, offsetBase, locate }: FoundText,
  range: FileRange | undefined,
): SourceDocument {
  const plain = range ? rangeKey(file, range) : fileKey(file);
  const whole = record === null ? plain : recordKey(file, record);
  const key = slice === null ? whole : sliceKey(whole, slice);
  return { key, file, record, text, offsetBase, locate };
}

function faultOf(thrown: unknown): ReadFault {
  if (thrown instanceof LensError) return { fault: 'noTextField', reason: thrown.message };
  if (thrown instanceof TypeError) {
    return { fault: 'changed', reason: 'it changed while it was read: profile it again' };
  }
  return readFault(thrown);
}
