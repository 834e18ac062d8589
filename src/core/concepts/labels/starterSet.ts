import { chat } from './chat';
import { code } from './code';
import { DocumentFamily } from './documents';
import { enclosure } from './enclosure';
import type { LabelFamily } from './family';
import { language } from './language';
import { place } from './place';
import { spelling } from './spelling';

/**
 * The concepts that every corpus is asked for, by family; where a token stands comes last, as it says least of the text.
 * @param files of the documents, one entry a document.
 */
export function starterSet(files: readonly string[]): LabelFamily[] {
  return [spelling, enclosure, language, code, new DocumentFamily(files), chat, place];
}
