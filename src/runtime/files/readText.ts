import { LensError } from '../../core/common/errors';
import { guessedSentences } from '../../core/text/guessed';
import { readReason } from './fileErrors';
import { surveyFile } from './fileText';

/**
 * The whole text of a file, decoded as a profile decodes it.
 * @param notice is told where the encoding is a guess: a sentence.
 * @throws LensError `unreadable-file`, or `unsupported-text` for a binary file or one of an unknown encoding
 */
export async function readText(
  path: string,
  signal: AbortSignal,
  notice: (sentence: string) => void,
): Promise<string> {
  try {
    const file = await surveyFile(path, signal);
    const { verdict } = file;
    if (verdict.kind !== 'text') {
      const reason = verdict.kind === 'binary' ? 'it is binary' : verdict.reason;
      throw new LensError('unsupported-text', `${path} cannot be read as text: ${reason}.`);
    }
    if (verdict.guess !== null) {
      guessedSentences([{ file: path, encoding: verdict.guess }]).forEach((sentence) => notice(sentence));
    }
    let text = '';
    for await (const chunk of file.chunks()) text += chunk;
    return text;
  } catch (thrown) {
    if (thrown instanceof LensError || signal.aborted) throw thrown;
    throw new LensError('unreadable-file', `${path} cannot be read: ${readReason(thrown)}.`, {
      cause: thrown,
    });
  }
}
