import { ChatFamily } from './chat';
import { code } from './code';
import { DocumentFamily } from './documents';
import { enclosure } from './enclosure';
import type { LabelFamily } from './family';
import { language } from './language';
import { place } from './place';
import { spelling } from './spelling';

/**
 * The concepts that every corpus is asked for, by family; where a token stands comes last, as it says least of the text.
 * @param files of the documents, one entry a document. @param chatTemplate of the tokenizer, if it has one.
 */
export function starterSet(files: readonly string[], chatTemplate: string | null = null): LabelFamily[] {
  return [
    spelling,
    enclosure,
    language,
    code,
    new DocumentFamily(files),
    new ChatFamily(chatTemplate),
    place,
  ];
}
