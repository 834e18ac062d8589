import { formatCount } from '../common/numberFormat';
import { firstNames } from '../common/wordList';

/** A file that was read in an encoding that its bytes do not show. */
export interface GuessedFile {
  readonly file: string;
  /** Its name, such as `Windows-1250`. */
  readonly encoding: string;
}

/** A sentence for each encoding that was guessed. */
export function guessedSentences(guessed: readonly GuessedFile[]): string[] {
  return [...filesByEncoding(guessed)].map(([encoding, files]) => {
    const [one] = files;
    return files.length === 1
      ? `${one} was read as ${encoding}, a guess: save it as UTF-8 to be sure.`
      : `${formatCount(files.length)} files were read as ${encoding}, a guess (${firstNames(files)}): save them as UTF-8 to be sure.`;
  });
}

/** How many files were read in each encoding that was guessed. */
export function guessCountsOf(guessed: readonly GuessedFile[]): Record<string, number> {
  return Object.fromEntries(
    [...filesByEncoding(guessed)].map(([encoding, files]) => [encoding, files.length]),
  );
}

function filesByEncoding(guessed: readonly GuessedFile[]): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const { file, encoding } of guessed) {
    const known = files.get(encoding);
    if (known) known.push(file);
    else files.set(encoding, [file]);
  }
  return files;
}
