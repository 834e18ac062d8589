import { CONLLU_COLUMNS, treebankDocuments, type TreebankWord } from '../../text/formats/conllu';
import type { FileLabel } from './ownConcept';

/** A column of a treebank, or a feature of its words, and the value that is asked for. */
export interface TreebankQuestion {
  readonly column: string;
  readonly value: string;
}

/** Reads `upos=NOUN` or `Number=Plur`; null for anything else. */
export function treebankQuestion(text: string): TreebankQuestion | null {
  const match = /^([\w:.[\]-]+)=([^\s=]+)$/.exec(text);
  return match && { column: match[1]!, value: match[2]! };
}

/** The words of a CoNLL-U file that have the value, as labels of its documents. */
export async function treebankLabels(
  chunks: AsyncIterable<string>,
  question: TreebankQuestion,
): Promise<FileLabel[]> {
  const labels: FileLabel[] = [];
  for await (const { record, words, locate } of treebankDocuments(chunks)) {
    for (const word of words) {
      if (!answers(word, question)) continue;
      const { start, end } = word;
      labels.push({ record, part: { kind: 'span', span: { start, end } }, line: locate(start).line });
    }
  }
  return labels;
}

/** Columns by their names, whatever the capitals; all other names are features, of the word or of its `misc`. */
function answers({ columns }: TreebankWord, { column, value }: TreebankQuestion): boolean {
  const at = CONLLU_COLUMNS.findIndex((name) => name === column.toLowerCase());
  if (at >= 0) return columns[at] === value;
  return [columns[5]!, columns[9]!].some((features) =>
    features.split('|').some(
      (feature) =>
        feature.startsWith(`${column}=`) &&
        feature
          .slice(column.length + 1)
          .split(',')
          .includes(value),
    ),
  );
}
