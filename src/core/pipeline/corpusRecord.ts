import { LensError } from '../common/errors';
import type { CreateHash } from '../profile/files/fileRecords';
import { corpusHash } from '../profile/files/corpusHash';
import type { Manifest } from '../profile/manifest';
import type { CorpusFile } from '../text/document';
import type { Corpus } from '../text/corpus';
import { guessCountsOf } from '../text/guessed';
import { skipCountsOf } from '../text/skipped';

/** The files that a profile rests on, with their hashes: those of an earlier run and those read now. */
export class CorpusRecord {
  private readonly byName: Map<string, CorpusFile>;
  private checked = 0;

  constructor(
    private readonly corpus: Corpus,
    private readonly createHash: CreateHash,
    earlier: readonly CorpusFile[],
  ) {
    this.byName = new Map(earlier.map((file) => [file.file, file]));
  }

  /**
   * Takes over what was read since the last call.
   * @throws LensError `profiles-differ` when a file is not what it was when the profile was begun.
   */
  update(): void {
    for (; this.checked < this.corpus.read.length; this.checked += 1) {
      const now = this.corpus.read[this.checked]!;
      const before = this.byName.get(now.file);
      if (before && before.sha256 !== now.sha256) {
        throw new LensError(
          'profiles-differ',
          `${now.file} has changed since this profile was begun, so the run cannot go on with it. Start a new profile, or put the file back as it was.`,
        );
      }
      this.byName.set(now.file, now);
    }
  }

  /** Sorted by name. */
  get files(): CorpusFile[] {
    return [...this.byName.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  }

  facts(): Pick<Manifest['corpus'], 'root' | 'files' | 'sha256' | 'skipped' | 'guessedEncodings'> {
    const { skipped } = this.corpus;
    return {
      root: this.corpus.root,
      files: this.byName.size,
      sha256: corpusHash(this.files, this.createHash),
      skipped: {
        binary: skipped.binary.length,
        ignored: skipped.ignored,
        unreadable: skipped.unreadable.length,
        brokenRecords: skipped.brokenRecords.reduce((sum, { count }) => sum + count, 0),
        reasons: skipCountsOf(skipped),
      },
      guessedEncodings: guessCountsOf(this.corpus.guessed),
    };
  }
}
